package import Kernel
package import Platform

/// Knows services that people rate: the capability that did them. Each answers for the names of its own kind, and nil for
/// all others.
package protocol RatingSubjects: Sendable {
    /// What is to be rated under this name, such as `applications/…` or `tickets/{id}`, as the store has it now.
    func subject(_ name: String, _ context: ReadContext) throws -> RatingSubject?
}

/// A service that somebody may rate 一事一评, with the facts by which that is decided.
package struct RatingSubject: Sendable, Equatable {
    /// Its resource name.
    package let name: String
    /// What people read, such as `出生登记（凤台便民服务中心）`: nothing that leads to whoever was served, for the department
    /// reads it too.
    package let text: String
    /// Code of the department that is rated; never a person.
    package let departmentCode: String
    /// Path of that department in the organisation tree, for scopes.
    package let departmentPath: String
    package let departmentText: String
    /// `residents/{id}` of whoever was served; nil if nobody knows.
    package let resident: String?
    /// `staff/{id}` of all who worked on it: their accounts may not rate it.
    package let handlers: Set<String>
    /// Ids of the devices at which they worked: nobody rates it there.
    package let handlerDevices: Set<String>
    /// Since when it may be rated; nil before it is done.
    package let readySince: Instant?
    /// What `RatingClaim` makes of the secret of somebody without an account; nil where there is none.
    package let claimHash: [UInt8]?

    package init(
        name: String, text: String, departmentCode: String, departmentPath: String, departmentText: String,
        resident: String?, handlers: Set<String>, handlerDevices: Set<String>, readySince: Instant?,
        claimHash: [UInt8]? = nil
    ) {
        self.name = name
        self.text = text
        self.departmentCode = departmentCode
        self.departmentPath = departmentPath
        self.departmentText = departmentText
        self.resident = resident
        self.handlers = handlers
        self.handlerDevices = handlerDevices
        self.readySince = readySince
        self.claimHash = claimHash
    }
}

/// The secret on a paper, with which somebody without an account shows that it is theirs. Only its keyed hash is kept.
package enum RatingClaim {
    /// Random bytes of a secret: enough that nobody guesses one.
    static let byteCount: Int = 16

    /// A new secret in Base32, which people can read out and scanners like.
    package static func new(_ environment: Environment) -> String {
        Base32.encode(environment.randomBytes(byteCount))
    }

    package static func hash(_ claim: String, _ keyring: Keyring) -> [UInt8] {
        keyring.hash(claim.uppercased(), purpose: "onestop.claim")
    }
}
