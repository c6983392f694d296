internal import Crypto
internal import Kernel
internal import Storage

/// From where accounts were used with success. Kept as keyed hashes.
struct KnownPlaces: Sendable {
    private let keyring: Keyring

    init(keyring: Keyring) { self.keyring = keyring }

    func contains(account: [UInt8], place: Place, _ connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM platform_known_places WHERE account = $1 AND place = $2", .blob(account),
            .blob(hash(place))
        ) { _ in true } ?? false
    }

    /// Remembers a place, and forgets the one not used for longest if there are too many.
    func remember(account: [UInt8], place: Place, _ connection: any Connection, now: Instant) throws {
        try connection.execute(
            """
            INSERT INTO platform_known_places (account, place, last_time) VALUES ($1, $2, $3)
            ON CONFLICT (account, place) DO UPDATE SET last_time = excluded.last_time
            """,
            .blob(account), .blob(hash(place)), SQLValue(now))
        try connection.execute(
            """
            DELETE FROM platform_known_places WHERE account = $1 AND place IN (
                SELECT place FROM platform_known_places WHERE account = $1
                ORDER BY last_time DESC, place LIMIT 1000 OFFSET \(IdentityLimits.knownPlacesPerAccount))
            """,
            .blob(account))
    }

    private func hash(_ place: Place) -> [UInt8] {
        Array(keyring.hash(place.text, purpose: "place").prefix(BlindIndex.size))
    }
}
