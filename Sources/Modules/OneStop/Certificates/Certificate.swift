import Crypto
import Kernel
import Platform

/// A certificate as it is kept.
struct Certificate: Sendable, Equatable {
    static let kind: CheckedNumber.Kind = .certificateNumber

    let number: String
    let type: String
    /// Version of the types that it was issued by.
    let typesVersion: Int
    let title: BilingualText
    /// `residents/{id}`.
    let holder: String
    /// Masked.
    let holderText: String
    let issuerText: String
    /// Path of the place or body that issued it.
    let issuerPath: String
    /// Code of the department that issued it; nil for a place.
    let departmentCode: String?
    let lines: [Credential.Line]
    let issueTime: Instant
    let expireTime: Instant
    let revokeTime: Instant?
    let revokeReason: String
    let keyID: String
    let algorithm: SignatureAlgorithm
    let statusIndex: UInt32
    let credential: String
    /// `applications/{number}`; empty if a counter issued it.
    let application: String
    let synthetic: Bool
    let version: Int64

    /// `certificates/{number}`.
    var name: String { "certificates/\(number)" }

    /// Revoked comes before expired: it says more.
    func state(at now: Instant) -> CertificateState {
        revokeTime != nil ? .revoked : now >= expireTime ? .expired : .valid
    }
}

enum CertificateState: Int, Sendable {
    case valid = 1
    case expired = 2
    case revoked = 3
}
