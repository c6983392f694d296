import Kernel
import Storage

/// Messages to people, written in the transaction of what they tell about. All SQL about messages.
package struct Messages: Sendable {
    static let schema: String = """
        CREATE TABLE platform_messages (
            id TEXT PRIMARY KEY NOT NULL,
            recipient TEXT NOT NULL,
            title_zh TEXT NOT NULL,
            title_en TEXT NOT NULL,
            body_zh TEXT NOT NULL,
            body_en TEXT NOT NULL,
            subject TEXT NOT NULL,
            create_time INTEGER NOT NULL,
            read_time INTEGER
        ) STRICT;
        CREATE INDEX platform_messages_recipient ON platform_messages (recipient, id);
        CREATE INDEX platform_messages_unread ON platform_messages (recipient) WHERE read_time IS NULL;
        """

    /// One message as it is kept.
    struct Record: Sendable, Equatable {
        let id: String
        let title: BilingualText
        let body: BilingualText
        let subject: String
        let createTime: Instant
        let readTime: Instant?
    }

    /// Days that a message is kept.
    static let retentionDays: Int64 = 365

    /// Writes a message; the recipient sees it once the transaction is there.
    ///
    /// - Parameters:
    ///   - recipient: `residents/{id}` or `staff/{id}`.
    ///   - body: no personal data of others.
    ///   - subject: what it is about, a resource name; may be empty.
    package func write(
        _ unit: UnitOfWork, to recipient: String, title: BilingualText, body: BilingualText, subject: String
    ) throws {
        try unit.connection.execute(
            """
            INSERT INTO platform_messages (id, recipient, title_zh, title_en, body_zh, body_en, subject, create_time)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            .text(unit.newID()), .text(recipient), .text(title.zh), .text(title.en), .text(body.zh),
            .text(body.en), .text(subject), SQLValue(unit.now))
    }

    /// Newest first, before an id if one is given.
    static func list(
        _ connection: any Connection, recipient: String, unreadOnly: Bool, before: String?, limit: Int
    ) throws -> [Record] {
        try connection.query(
            """
            SELECT id, title_zh, title_en, body_zh, body_en, subject, create_time, read_time FROM platform_messages
            WHERE recipient = $1 AND ($2 = '' OR id < $2) AND ($3 = 0 OR read_time IS NULL)
            ORDER BY id DESC LIMIT $4
            """,
            .text(recipient), .text(before ?? ""), SQLValue(unreadOnly), SQLValue(limit)
        ) { row in
            Record(
                id: row.text(0), title: BilingualText(zh: row.text(1), en: row.text(2)),
                body: BilingualText(zh: row.text(3), en: row.text(4)), subject: row.text(5),
                createTime: row.instant(6), readTime: row.instantOrNil(7))
        }
    }

    static func unreadCount(_ connection: any Connection, recipient: String) throws -> Int {
        try connection.first(
            "SELECT count(*) FROM platform_messages WHERE recipient = $1 AND read_time IS NULL",
            .text(recipient)
        ) { $0.int(0) } ?? 0
    }

    /// Marks one as read; false if it is not the recipient's or was read before.
    static func markRead(_ connection: any Connection, recipient: String, id: String, now: Instant) throws
        -> Bool
    {
        try connection.execute(
            "UPDATE platform_messages SET read_time = $1 WHERE id = $2 AND recipient = $3 AND read_time IS NULL",
            SQLValue(now), .text(id), .text(recipient)) == 1
    }

    /// Removes what is older than a year.
    static func sweep(_ connection: any Connection, now: Instant) throws -> Int {
        try connection.execute(
            "DELETE FROM platform_messages WHERE create_time < $1", SQLValue(now.adding(days: -retentionDays))
        )
    }
}
