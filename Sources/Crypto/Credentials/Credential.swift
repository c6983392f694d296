package import Kernel

/// What the QR code of a certificate says: who issued what, until when, and under which bit of the status list it can be
/// revoked. Everything on it stands on the paper too, masked as there.
///
/// As text `LL1.<payload>.<signature>`, both in Base32: a QR code packs capitals, digits and points a quarter tighter than
/// base64url, scanners that type in small letters do no harm, and no character is lost in a mail.
package struct Credential: Sendable, Hashable {
    /// A line of the certificate.
    package struct Line: Sendable, Hashable {
        package let label: String
        package let value: String

        package init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    /// Id of the type, such as `residence`.
    package let type: String
    /// Number of the certificate.
    package let number: String
    package let title: String
    package let issuer: String
    package let lines: [Line]
    /// Whole seconds.
    package let issueTime: Instant
    package let expireTime: Instant
    /// Place in the status list.
    package let statusIndex: UInt32

    package init(
        type: String, number: String, title: String, issuer: String, lines: [Line], issueTime: Instant,
        expireTime: Instant, statusIndex: UInt32
    ) {
        self.type = type
        self.number = number
        self.title = title
        self.issuer = issuer
        self.lines = lines
        self.issueTime = Instant(milliseconds: issueTime.milliseconds / 1_000 * 1_000)
        self.expireTime = Instant(milliseconds: expireTime.milliseconds / 1_000 * 1_000)
        self.statusIndex = statusIndex
    }

    /// The longest payload: with the signature it makes a QR code of at most 97 modules, which a phone reads off paper at
    /// 45 mm.
    package static let maximumPayloadBytes: Int = 512
    /// Longer texts are not looked at.
    package static let maximumTextBytes: Int = 2_048
    package static let maximumLines: Int = 16
    package static let prefix: String = "LL1"
    /// Goes before the payload into the signature, so that a signature for another purpose never fits.
    static let purpose: [UInt8] = Array("linli certificate 1\n".utf8)

    /// The credential signed by `key`. `malformed` if it is too long.
    package func signed(by key: SigningKey) throws(CryptoError) -> String {
        let payload: [UInt8] = try payload(keyID: try CredentialKeyID(key.publicKey))
        let signature: [UInt8] = try key.sign(Credential.purpose + payload)
        return "\(Credential.prefix).\(Base32.encode(payload)).\(Base32.encode(signature))"
    }

    private func payload(keyID: CredentialKeyID) throws(CryptoError) -> [UInt8] {
        guard lines.count <= Credential.maximumLines, issueTime.milliseconds >= 0,
            expireTime >= issueTime
        else { throw .malformed(what: "a credential with too many lines or wrong times") }
        var writer: CredentialWriter = CredentialWriter()
        writer.raw(keyID.bytes)
        writer.number(UInt64(issueTime.milliseconds / 1_000), bytes: 5)
        writer.number(UInt64(expireTime.milliseconds / 1_000), bytes: 5)
        writer.number(UInt64(statusIndex), bytes: 4)
        for text in [type, number, title, issuer] { try writer.text(text) }
        writer.number(UInt64(lines.count), bytes: 1)
        for line in lines {
            try writer.text(line.label)
            try writer.text(line.value)
        }
        guard writer.bytes.count <= Credential.maximumPayloadBytes else {
            throw .malformed(what: "a credential over \(Credential.maximumPayloadBytes) bytes")
        }
        return writer.bytes
    }

    /// Reads what was signed.
    init(payload: [UInt8]) throws(CryptoError) {
        var reader: CredentialReader = CredentialReader(payload)
        _ = try reader.raw(CredentialKeyID.size)
        let issue: UInt64 = try reader.number(bytes: 5)
        let expire: UInt64 = try reader.number(bytes: 5)
        let index: UInt64 = try reader.number(bytes: 4)
        let type: String = try reader.text()
        let number: String = try reader.text()
        let title: String = try reader.text()
        let issuer: String = try reader.text()
        let count: Int = Int(try reader.number(bytes: 1))
        guard count <= Credential.maximumLines else {
            throw .malformed(what: "a credential with too many lines")
        }
        var lines: [Line] = []
        for _ in 0..<count { lines.append(Line(label: try reader.text(), value: try reader.text())) }
        guard reader.isAtEnd, expire >= issue else { throw .malformed(what: "the end of a credential") }
        self.init(
            type: type, number: number, title: title, issuer: issuer, lines: lines,
            issueTime: Instant(milliseconds: Int64(issue) * 1_000),
            expireTime: Instant(milliseconds: Int64(expire) * 1_000), statusIndex: UInt32(index))
    }
}

/// A credential as it was scanned: its parts, not checked yet.
struct ScannedCredential {
    let keyID: CredentialKeyID
    let payload: [UInt8]
    let signature: [UInt8]

    /// Nil for whatever is no credential. White space and line breaks, which scanners and mails put in, and small letters
    /// are forgiven.
    init?(_ text: String) {
        guard text.utf8.count <= Credential.maximumTextBytes else { return nil }
        let capitals: [UInt8] = text.utf8.compactMap { byte in
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: nil
            case 0x61...0x7A: byte - 0x20
            default: byte
            }
        }
        let parts: [ArraySlice<UInt8>] = capitals.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual(Credential.prefix.utf8),
            let payload = Base32.decode(String(decoding: parts[1], as: UTF8.self)),
            let signature = Base32.decode(String(decoding: parts[2], as: UTF8.self)),
            payload.count > CredentialKeyID.size, payload.count <= Credential.maximumPayloadBytes,
            !signature.isEmpty
        else { return nil }
        keyID = CredentialKeyID(bytes: Array(payload.prefix(CredentialKeyID.size)))
        self.payload = payload
        self.signature = signature
    }
}
