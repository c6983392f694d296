internal import Kernel
internal import RPC
internal import Storage

/// Answers that were given, so that a repeat gets the first one (AIP-155).
///
/// Answers may hold what a field of a table holds only encrypted, so they are kept encrypted; requests may hold
/// passwords, so only a keyed hash of them is kept.
struct RequestLog: Sendable {
    /// How long a repeat gets the first answer.
    static let retentionSeconds: Int64 = 24 * 3_600
    /// Rows that one sweep removes at most, to keep the writer free.
    static let sweepRows: Int = 500

    /// One request of one caller.
    struct Key: Sendable {
        /// Keyed hash of caller, method and request id.
        let identity: [UInt8]
        /// Keyed hash of the request itself.
        let fingerprint: [UInt8]
    }

    private let keyring: Keyring

    init(keyring: Keyring) { self.keyring = keyring }

    /// - Parameter scope: whose request ids they are: the caller's name.
    func key<Q: Message>(
        scope: String, method: MethodDescriptor, requestID: String, request: Q
    ) throws(Refusal) -> Key {
        guard let id = ID(requestID) else {
            throw .invalid(
                field: "request_id", reason: "REQUEST_ID_INVALID", zh: "请求编号应为 UUID，请重新提交。",
                en: "The request id must be a UUID. Make a new one and send the request again.")
        }
        return Key(
            identity: keyring.hash("\(scope)\n\(method.path)\n\(id)", purpose: "request.identity"),
            fingerprint: keyring.hash(request.encodedBytes(), purpose: "request.fingerprint"))
    }

    /// The first answer, if the request was seen before.
    func replay<A: Message>(_ key: Key, _ connection: any Connection) throws -> A? {
        let row: (fingerprint: [UInt8], answer: [UInt8])? = try connection.first(
            "SELECT fingerprint, answer FROM platform_requests WHERE identity = $1", .blob(key.identity)
        ) { ($0.blob(0), $0.blob(1)) }
        guard let row else { return nil }
        guard row.fingerprint == key.fingerprint else {
            throw Refusal.invalid(
                field: "request_id", reason: "REQUEST_ID_REUSED", zh: "该请求编号已用于另一请求，请换一个编号。",
                en: "This request id was used for another request. Make a new one.")
        }
        return try A(wire: keyring.openBytes(row.answer, context: "platform_requests.answer"))
    }

    /// Whether the request, or another one with its id, was answered.
    static func contains(_ key: Key, _ connection: any Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM platform_requests WHERE identity = $1", .blob(key.identity)) {
            _ in
            true
        } ?? false
    }

    func remember<A: Message>(_ key: Key, _ answer: A, _ connection: any Connection, now: Instant) throws {
        try connection.execute(
            """
            INSERT INTO platform_requests (identity, fingerprint, answer, create_time) VALUES ($1, $2, $3, $4)
            """,
            .blob(key.identity), .blob(key.fingerprint),
            .blob(try keyring.sealBytes(answer.encodedBytes(), context: "platform_requests.answer")),
            SQLValue(now))
    }

    /// Removes answers that are too old to be asked for again; returns how many.
    static func sweep(_ connection: any Connection, now: Instant) throws -> Int {
        try connection.execute(
            """
            DELETE FROM platform_requests WHERE create_time < $1 AND sequence IN (
                SELECT sequence FROM platform_requests ORDER BY sequence LIMIT \(sweepRows))
            """,
            SQLValue(now.adding(seconds: -retentionSeconds)))
    }
}
