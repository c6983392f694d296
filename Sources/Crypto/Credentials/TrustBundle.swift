internal import Kernel

/// All that is needed to check credentials without a network: keys, and the newest status list.
package struct TrustBundle: Sendable {
    /// Who issues: the name of the installation.
    package let issuer: String
    package let keys: [TrustedKey]
    package let statusList: StatusList

    package init(issuer: String, keys: [TrustedKey], statusList: StatusList) {
        self.issuer = issuer
        self.keys = keys
        self.statusList = statusList
    }

    /// The key with an id, revoked ones included.
    package func key(_ id: CredentialKeyID) -> TrustedKey? { keys.first { $0.id == id } }

    /// What people compare by telephone before they trust a file for the first time: 24 characters over issuer and keys,
    /// in groups of four.
    package var fingerprint: String {
        let ids: [String] = keys.map { $0.id.description }.sorted()
        let text: String = Base32.encode(
            SHA256.hash("linli trust\n\(issuer)\n\(ids.joined(separator: "\n"))").prefix(15))
        return stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }
            .joined(separator: " ")
    }

    /// Why a newer bundle is not taken in place of the one that is there.
    package enum UpdateProblem: Error, Sendable, Equatable {
        /// It is from before: revocations that are known would be forgotten.
        case older
        /// No key that was trusted until now, and is trusted still, has signed it: it is somebody else's.
        case notVouchedFor
    }

    /// Whether `newer` may take the place of this one. `signers` have signed it.
    fileprivate func check(newer: TrustBundle, signers: [CredentialKeyID]) throws(UpdateProblem) {
        let trusted: Set<CredentialKeyID> = Set(keys.filter { $0.revokeTime == nil }.map(\.id))
            .subtracting(newer.keys.filter { $0.revokeTime != nil }.map(\.id))
        guard newer.issuer == issuer, signers.contains(where: trusted.contains) else { throw .notVouchedFor }
        guard
            (newer.statusList.sequence, newer.statusList.time)
                >= (statusList.sequence, statusList.time)
        else { throw .older }
    }
}

/// A trust bundle as one text file, signed by the keys that sign at the time.
///
///     linli-trust 1
///     issuer 晋城市一网通办
///     key ABCDEFGH ed25519 2026-11-25T00:00:00Z - - <SubjectPublicKeyInfo in base64>
///     list LS1.…
///     signed ABCDEFGH <base64url>
///
/// The times of a key are those when it was made, retired and revoked; `-` is none. A key signs all lines before the first
/// `signed`. Signatures by its own keys protect a file against accidents, and against whoever does not hold a key; whom a
/// first file comes from is told by its fingerprint.
package struct TrustFile: Sendable {
    package let bundle: TrustBundle
    /// Keys of the bundle, none of them revoked, that have signed it.
    package let signers: [CredentialKeyID]
    package let text: String

    /// Longer files are not looked at.
    package static let maximumBytes: Int = 6 * 1_024 * 1_024
    package static let maximumKeys: Int = 200
    private static let head: String = "linli-trust 1"
    private static let purpose: [UInt8] = Array("linli trust file 1\n".utf8)

    /// The file of a bundle, signed by each of `signers`, whose first also signs the status list.
    package init(_ bundle: TrustBundle, signedBy signers: [SigningKey]) throws(CryptoError) {
        guard let first = signers.first, bundle.keys.count <= TrustFile.maximumKeys,
            !bundle.issuer.isEmpty, !bundle.issuer.contains(where: \.isNewline)
        else { throw .malformed(what: "a trust bundle") }
        var body: String = "\(TrustFile.head)\nissuer \(bundle.issuer)\n"
        for key in bundle.keys { body += try TrustFile.line(key) }
        body += "list \(try bundle.statusList.signed(by: first))\n"
        var signatures: String = ""
        var ids: [CredentialKeyID] = []
        for signer in signers {
            let id: CredentialKeyID = try CredentialKeyID(signer.publicKey)
            let signature: [UInt8] = try signer.sign(TrustFile.purpose + Array(body.utf8))
            signatures += "signed \(id) \(Base64URL.encode(signature))\n"
            ids.append(id)
        }
        self.bundle = bundle
        self.signers = ids
        text = body + signatures
    }

    /// Reads a file.
    ///
    /// - Throws: `malformed`; `authenticationFailed` unless a key of the file that is not revoked has signed all of it.
    package init(_ text: String) throws(CryptoError) {
        guard text.utf8.count <= TrustFile.maximumBytes else {
            throw .malformed(what: "a trust file over 6 MiB")
        }
        // Unicode.Scalars, since the characters \r\n would be one. An editor that put \r in does no harm.
        let lines: [[String]] = text.unicodeScalars.filter { $0 != "\r" }
            .split(separator: "\n", omittingEmptySubsequences: true)
            .map { line in
                String(String.UnicodeScalarView(line)).split(separator: " ", omittingEmptySubsequences: false)
                    .map { String($0) }
            }
        guard lines.count >= 4, lines.count <= 2 * TrustFile.maximumKeys + 3,
            lines[0].joined(separator: " ") == TrustFile.head, lines[1].count >= 2, lines[1][0] == "issuer"
        else { throw .malformed(what: "a trust file") }
        let keyLines: ArraySlice<[String]> = lines.dropFirst(2).prefix { $0[0] == "key" }
        var keys: [TrustedKey] = []
        for line in keyLines { keys.append(try TrustFile.key(line)) }
        let rest: ArraySlice<[String]> = lines.dropFirst(2 + keyLines.count)
        guard let list = rest.first, list.count == 2, list[0] == "list",
            Set(keys.map(\.id)).count == keys.count
        else { throw .malformed(what: "a trust file without a status list, or with a key twice") }
        let body: [UInt8] = Array(
            lines.prefix(3 + keyLines.count).map { $0.joined(separator: " ") + "\n" }.joined().utf8)
        var signers: [CredentialKeyID] = []
        for line in rest.dropFirst() {
            guard line.count == 3, line[0] == "signed", let signature = Base64URL.decode(line[2]) else {
                throw .malformed(what: "a signature of a trust file")
            }
            guard let key = keys.first(where: { $0.id.description == line[1] }), key.revokeTime == nil,
                try key.key.isValid(signature, for: TrustFile.purpose + body)
            else { continue }
            signers.append(key.id)
        }
        guard !signers.isEmpty else { throw .authenticationFailed }
        bundle = TrustBundle(
            issuer: lines[1].dropFirst().joined(separator: " "), keys: keys,
            statusList: try StatusList(list[1], keys: keys))
        self.signers = signers
        self.text = text
    }

    /// Throws unless this file may take the place of `old`.
    package func checkReplaces(_ old: TrustFile) throws(TrustBundle.UpdateProblem) {
        try old.bundle.check(newer: bundle, signers: signers)
    }

    private static func line(_ key: TrustedKey) throws(CryptoError) -> String {
        let times: [String] = [key.createTime, key.retireTime, key.revokeTime].map { $0?.rfc3339 ?? "-" }
        return
            "key \(key.id) \(key.key.algorithm) \(times.joined(separator: " ")) \(Base64.encode(try key.key.der()))\n"
    }

    private static func key(_ line: [String]) throws(CryptoError) -> TrustedKey {
        guard line.count == 7, let der = Base64.decode(line[6]), let createTime = try time(line[3]) else {
            throw .malformed(what: "a key of a trust file")
        }
        let key: TrustedKey = try TrustedKey(
            key: try VerifyingKey(der: der), createTime: createTime, retireTime: try time(line[4]),
            revokeTime: try time(line[5]))
        guard key.id.description == line[1], "\(key.key.algorithm)" == line[2] else {
            throw .malformed(what: "a key of a trust file with another key's id")
        }
        return key
    }

    private static func time(_ text: String) throws(CryptoError) -> Instant? {
        if text == "-" { return nil }
        guard let time = Instant(rfc3339: text) else { throw .malformed(what: "a time in a trust file") }
        return time
    }
}
