/// The one error that rules and services throw: a request that cannot be done, and what to do about it.
///
/// The RPC layer turns it into a google.rpc.Status: the kind is the code; the reason (with domain `linli` and the
/// metadata) is the ErrorInfo of AIP-193; the fields are the BadRequest; the text in the caller's language is the
/// LocalizedMessage; a retry time is the RetryInfo. Texts are shown to people: they say what to do next and never carry
/// personal data.
package struct Refusal: Error, Sendable, Equatable {
    /// What sort of refusal it is; each kind is one gRPC status code.
    package enum Kind: Sendable, Hashable {
        /// The request itself is wrong, whatever the state of the system.
        case invalidArgument
        /// The thing named does not exist, or the caller may not know that it does.
        case notFound
        /// The thing to be made exists already.
        case alreadyExists
        /// The caller is known and may not do this.
        case permissionDenied
        /// The thing is in a state in which this cannot be done; repeating does not help until the state changes.
        case failedPrecondition
        /// Somebody else changed the thing meanwhile: read it again and repeat.
        case aborted
        /// A limit is reached; the same request may succeed after the stated number of seconds.
        case resourceExhausted(retryAfterSeconds: Int)
        /// The caller is not known: sign in and repeat.
        case unauthenticated
        /// The service cannot answer just now; repeating may help.
        case unavailable
        /// A bug of ours or damaged data.
        case internalError
        /// A value lies past the end of what exists, such as a page after the last.
        case outOfRange
        /// This server does not offer the operation.
        case unimplemented
        /// The caller's time was over before the work was done.
        case deadlineExceeded
    }

    package var kind: Kind
    /// For programs: UPPER_SNAKE_CASE, at most 63 characters, unique within the domain `linli` (AIP-193).
    package var reason: String
    /// For people, in Chinese.
    package var zh: String
    /// For people, in English.
    package var en: String
    /// For programs: the values that the texts mention. Keys in lowerCamelCase (AIP-193).
    package var metadata: [String: String]
    /// The fields that are wrong, if single fields are.
    package var fields: [FieldViolation]

    package init(
        kind: Kind, reason: String, zh: String, en: String, metadata: [String: String] = [:],
        fields: [FieldViolation] = []
    ) {
        self.kind = kind
        self.reason = reason
        self.zh = zh
        self.en = en
        self.metadata = metadata
        self.fields = fields
    }

    /// The text for people in `language`.
    package func text(in language: Language) -> String {
        switch language {
        case .chinese: zh
        case .english: en
        }
    }
}

/// One wrong field of a request.
package struct FieldViolation: Sendable, Hashable {
    /// The path of the field in proto names, such as `resident.id_number` or `lines[2].quantity`.
    package var field: String
    /// For programs: UPPER_SNAKE_CASE.
    package var reason: String
    package var zh: String
    package var en: String

    package init(field: String, reason: String, zh: String, en: String) {
        self.field = field
        self.reason = reason
        self.zh = zh
        self.en = en
    }

    /// The text for people in `language`.
    package func text(in language: Language) -> String {
        switch language {
        case .chinese: zh
        case .english: en
        }
    }
}
