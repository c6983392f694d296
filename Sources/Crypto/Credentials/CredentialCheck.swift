package import Kernel

/// What a check of a credential found. The same check runs at the server, in `linlictl` and in the kiosk; it asks nobody.
package struct CredentialCheck: Sendable, Hashable {
    package enum Finding: Sendable, Hashable {
        case valid
        case expired
        case revoked
        /// The signature does not fit: a letter was changed, or all of it is made up.
        case tampered
        case unknownKey(KeyProblem)
        /// No credential of ours, or a torn one.
        case unreadable
    }

    /// Why a key is not believed.
    package enum KeyProblem: Sendable, Hashable {
        /// The bundle does not have it: of another issuer, or newer than the bundle.
        case notInBundle
        /// It was revoked, so that anybody may have signed.
        case revoked
        /// It did not sign at the time that the credential names.
        case notInUse
    }

    /// What a careful reader should know besides.
    package enum Warning: Sendable, Hashable {
        /// A newer status list should have been fetched: something may have been revoked since.
        case statusListStale(since: Instant)
        /// The credential is newer than the status list, which therefore says nothing about it.
        case newerThanStatusList
        /// The credential is from the future: the clock of whoever checks is wrong.
        case issuedInFuture
    }

    package let finding: Finding
    /// What the credential says; nil unless the signature fits and its key is believed.
    package let credential: Credential?
    package let keyID: CredentialKeyID?
    package let warnings: [Warning]

    fileprivate init(
        _ finding: Finding, credential: Credential? = nil, keyID: CredentialKeyID? = nil,
        warnings: [Warning] = []
    ) {
        self.finding = finding
        self.credential = credential
        self.keyID = keyID
        self.warnings = warnings
    }
}

extension TrustBundle {
    /// Checks the text of a QR code. Never throws on input: whatever cannot be read is `unreadable`.
    ///
    /// - Throws: only if OpenSSL itself fails.
    package func check(_ text: String, at now: Instant) throws(CryptoError) -> CredentialCheck {
        guard let scanned = ScannedCredential(text) else { return CredentialCheck(.unreadable) }
        guard let key = key(scanned.keyID) else {
            return CredentialCheck(.unknownKey(.notInBundle), keyID: scanned.keyID)
        }
        // The signature first: nothing that nobody signed is parsed.
        guard try key.key.isValid(scanned.signature, for: Credential.purpose + scanned.payload) else {
            return CredentialCheck(.tampered, keyID: key.id)
        }
        guard key.revokeTime == nil else { return CredentialCheck(.unknownKey(.revoked), keyID: key.id) }
        let credential: Credential
        do {
            credential = try Credential(payload: scanned.payload)
        } catch {
            // Signed by us and yet no credential: a newer form than this program knows.
            return CredentialCheck(.unreadable, keyID: key.id)
        }
        guard key.signed(at: credential.issueTime) else {
            return CredentialCheck(.unknownKey(.notInUse), keyID: key.id)
        }
        return CredentialCheck(
            finding(credential, now), credential: credential, keyID: key.id,
            warnings: warnings(credential, now))
    }

    /// Revoked comes before expired: it says more.
    private func finding(_ credential: Credential, _ now: Instant) -> CredentialCheck.Finding {
        switch statusList.isRevoked(credential.statusIndex) {
        case true: return .revoked
        // The list has grown since it was fetched, or the index is made up with a stolen key. A list that is newer than
        // the credential knows each index.
        case nil where credential.issueTime <= statusList.time: return .tampered
        default: return now >= credential.expireTime ? .expired : .valid
        }
    }

    private func warnings(_ credential: Credential, _ now: Instant) -> [CredentialCheck.Warning] {
        var warnings: [CredentialCheck.Warning] = []
        if now > statusList.nextUpdate { warnings.append(.statusListStale(since: statusList.nextUpdate)) }
        if credential.issueTime > statusList.time { warnings.append(.newerThanStatusList) }
        if credential.issueTime > now.adding(seconds: TrustedKey.clockToleranceSeconds) {
            warnings.append(.issuedInFuture)
        }
        return warnings
    }
}
