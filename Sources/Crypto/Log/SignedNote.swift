internal import Kernel

/// A text with signatures under it (C2SP signed-note): lines of text, an empty line, and a line
/// `— <name> <base64(key hash ‖ signature)>` for each signature.
package struct SignedNote: Sendable, Hashable {
    /// The signed text, which ends with a line end.
    package let text: String
    package let signatures: [Signature]

    /// One signature line.
    package struct Signature: Sendable, Hashable {
        package let name: String
        /// The first four bytes of the key's hash, which tell keys of one name apart.
        package let keyHash: [UInt8]
        package let signature: [UInt8]
    }

    /// Longer notes are not looked at.
    package static let maximumBytes: Int = 64 * 1_024
    /// More signatures than this are not looked at.
    package static let maximumSignatures: Int = 100
    private static let mark: String = "— "

    private init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// The note with `text`, which must be fit for one, signed by each of `signers`.
    package init(signing text: String, with signers: [NoteSigner]) throws(CryptoError) {
        guard SignedNote.isText(text), !signers.isEmpty else { throw .malformed(what: "the text of a note") }
        var signatures: [Signature] = []
        for signer in signers { signatures.append(try signer.sign(text)) }
        self.init(text: text, signatures: signatures)
    }

    /// The note in a file or message. `malformed` for anything else, but signatures are not checked yet.
    package init(parsing note: String) throws(CryptoError) {
        guard note.utf8.count <= SignedNote.maximumBytes, note.hasSuffix("\n") else {
            throw .malformed(what: "a signed note")
        }
        // Unicode.Scalars, since the characters \r\n would be one and hide a line end.
        let lines: [String] = note.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        guard let gap = lines.dropLast().lastIndex(of: ""), gap > 0, lines.count - gap - 2 >= 1,
            lines.count - gap - 2 <= SignedNote.maximumSignatures
        else { throw .malformed(what: "a signed note without signatures") }
        let text: String = lines[..<gap].joined(separator: "\n") + "\n"
        guard SignedNote.isText(text) else { throw .malformed(what: "the text of a signed note") }
        var signatures: [Signature] = []
        for line in lines[(gap + 1)..<(lines.count - 1)] { signatures.append(try SignedNote.signature(line)) }
        self.init(text: text, signatures: signatures)
    }

    /// The whole note.
    package var description: String {
        let lines: [String] = signatures.map { signature in
            "\(SignedNote.mark)\(signature.name) \(Base64.encode(signature.keyHash + signature.signature))\n"
        }
        return text + "\n" + lines.joined()
    }

    /// Checks the signatures by `keys`. Those of other keys are ignored; each by one of `keys` must be right, and there must
    /// be one at least. Answers the names whose signatures are right.
    @discardableResult
    package func verify(_ keys: [NoteVerifier]) throws(CryptoError) -> [String] {
        var names: [String] = []
        for signature in signatures {
            guard
                let key = keys.first(where: { $0.name == signature.name && $0.keyHash == signature.keyHash })
            else { continue }
            guard try key.key.isValid(signature.signature, for: Array(text.utf8)) else {
                throw .authenticationFailed
            }
            names.append(key.name)
        }
        guard !names.isEmpty else { throw .authenticationFailed }
        return names
    }

    /// UTF-8 without control characters but line ends, and not empty.
    private static func isText(_ text: String) -> Bool {
        text.hasSuffix("\n") && text.utf8.count > 1
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" }
    }

    private static func signature(_ line: String) throws(CryptoError) -> Signature {
        let parts: [Substring] = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "—", NoteSigner.isName(String(parts[1])),
            let bytes = Base64.decode(parts[2]), bytes.count > 4
        else { throw .malformed(what: "a signature line of a note") }
        return Signature(name: String(parts[1]), keyHash: Array(bytes[..<4]), signature: Array(bytes[4...]))
    }
}

/// A name and an Ed25519 key that sign notes.
package struct NoteSigner: Sendable {
    package let name: String
    private let key: SigningKey
    private let keyHash: [UInt8]

    /// `malformed` for an empty name, one with spaces or `+`, and for a key that is not Ed25519.
    package init(name: String, key: SigningKey) throws(CryptoError) {
        guard NoteSigner.isName(name) else { throw .malformed(what: "the name of a note's key") }
        self.name = name
        self.key = key
        keyHash = NoteVerifier.hash(name: name, key: try key.publicKey.rawBytes())
    }

    package var verifier: NoteVerifier { NoteVerifier(name: name, keyHash: keyHash, key: key.publicKey) }

    fileprivate func sign(_ text: String) throws(CryptoError) -> SignedNote.Signature {
        SignedNote.Signature(name: name, keyHash: keyHash, signature: try key.sign(Array(text.utf8)))
    }

    fileprivate static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }
}

/// A name and an Ed25519 public key that check notes.
package struct NoteVerifier: Sendable, CustomStringConvertible {
    package let name: String
    package let keyHash: [UInt8]
    let key: VerifyingKey

    /// The byte that stands for Ed25519 in key hashes and texts.
    private static let ed25519: UInt8 = 1

    fileprivate init(name: String, keyHash: [UInt8], key: VerifyingKey) {
        self.name = name
        self.keyHash = keyHash
        self.key = key
    }

    /// The key in a text `name+hash+base64`, as `description` gives it; auditors keep this line.
    package init(parsing text: String) throws(CryptoError) {
        let parts: [Substring] = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, NoteSigner.isName(String(parts[0])), let keyHash = Hex.decode(parts[1]),
            let bytes = Base64.decode(parts[2]), bytes.count == 33, bytes[0] == NoteVerifier.ed25519,
            keyHash == NoteVerifier.hash(name: String(parts[0]), key: Array(bytes[1...]))
        else { throw .malformed(what: "a note verifier key") }
        self.init(
            name: String(parts[0]), keyHash: keyHash, key: try VerifyingKey(ed25519: Array(bytes[1...])))
    }

    /// `name+hash+base64`, where the last part is the algorithm's byte and the public key.
    package func text() throws(CryptoError) -> String {
        "\(name)+\(Hex.encode(keyHash))+\(Base64.encode([NoteVerifier.ed25519] + (try key.rawBytes())))"
    }

    package var description: String { "\(name)+\(Hex.encode(keyHash))" }

    fileprivate static func hash(name: String, key: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(Array(name.utf8) + [0x0A, ed25519] + key).prefix(4))
    }
}
