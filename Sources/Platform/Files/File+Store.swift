import Kernel
package import Storage

/// All SQL about files. The content lies in the store, sealed: it is in every backup, and goes and comes with the
/// transaction that refers to it.
package struct Files: Sendable {
    static let schema: String = """
        CREATE TABLE platform_files (
            id TEXT PRIMARY KEY NOT NULL,
            display_name TEXT NOT NULL,
            content_type TEXT NOT NULL,
            size_bytes INTEGER NOT NULL,
            sha256 BLOB NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            owner TEXT NOT NULL,
            subject TEXT NOT NULL,
            create_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_files_waiting ON platform_files (owner, create_time) WHERE subject = '';

        CREATE TABLE platform_file_contents (
            file_id TEXT PRIMARY KEY NOT NULL REFERENCES platform_files (id),
            content BLOB NOT NULL
        ) STRICT;
        """

    private static let columns: String =
        "id, display_name, content_type, size_bytes, sha256, width, height, owner, subject, create_time"
    private static func context(_ id: String) -> String { "platform_file_contents.content/\(id)" }
    static let name: ResourceName.Pattern = "files/{file}"

    let keyring: Keyring

    private static func record(_ row: Row) -> FileRecord {
        FileRecord(
            id: row.text(0), displayName: row.text(1), contentType: row.text(2), sizeBytes: row.int(3),
            sha256: row.blob(4), width: row.int(5), height: row.int(6), owner: row.text(7),
            subject: row.text(8),
            createTime: row.instant(9))
    }

    func insert(_ file: FileRecord, content: [UInt8], _ unit: UnitOfWork) throws {
        let waiting: Int =
            try unit.connection.first(
                "SELECT count(*) FROM platform_files WHERE owner = $1 AND subject = ''", .text(file.owner)
            ) { $0.int(0) } ?? 0
        guard waiting < FileRules.unattachedMax else { throw FileTexts.tooManyUnattached }
        _ = try unit.connection.execute(
            """
            INSERT INTO platform_files (\(Files.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            .text(file.id), .text(file.displayName), .text(file.contentType), SQLValue(file.sizeBytes),
            .blob(file.sha256), SQLValue(file.width), SQLValue(file.height), .text(file.owner),
            .text(file.subject),
            SQLValue(file.createTime))
        _ = try unit.connection.execute(
            "INSERT INTO platform_file_contents (file_id, content) VALUES ($1, $2)", .text(file.id),
            .blob(try keyring.sealBytes(content, context: Files.context(file.id))))
    }

    static func find(_ connection: any Connection, id: String) throws -> FileRecord? {
        try connection.first("SELECT \(columns) FROM platform_files WHERE id = $1", .text(id), row: record)
    }

    func content(_ connection: any Connection, id: String) throws -> [UInt8]? {
        try connection.first("SELECT content FROM platform_file_contents WHERE file_id = $1", .text(id)) {
            $0.blob(0)
        }
        .map { try keyring.openBytes($0, context: Files.context(id)) }
    }

    /// What is known of an upload before it is attached; nil if there is no such file.
    package func upload(_ connection: any Connection, name: String) throws -> UploadedFile? {
        let id: String = try ResourceName(parsing: name, Files.name, field: "file").id
        return try Files.find(connection, id: id).map { file in
            UploadedFile(
                displayName: file.displayName, contentType: file.contentType, sha256: file.sha256,
                owner: file.owner, subject: file.subject)
        }
    }

    /// Ties uploads of the caller to what they belong to; from then on those see them who may see the subject.
    ///
    /// - Parameters:
    ///   - names: `files/{id}`, at most `FileRules.filesPerStepMax`, each uploaded by the caller and not yet attached.
    ///   - subject: a resource name, such as `cases/AJ260501000127`.
    package func attach(_ unit: UnitOfWork, names: [String], subject: String) throws {
        guard names.count <= FileRules.filesPerStepMax else { throw FileTexts.tooMany }
        for name: String in Set(names) {
            let id: String = try ResourceName(parsing: name, Files.name, field: "photos").id
            let changed: Int = try unit.connection.execute(
                "UPDATE platform_files SET subject = $1 WHERE id = $2 AND owner = $3 AND subject = ''",
                .text(subject), .text(id), .text(unit.principal.name))
            guard changed == 1 else { throw FileTexts.notYours }
        }
    }

    /// Removes uploads that nothing refers to after a day; returns how many.
    func sweep(_ unit: UnitOfWork) throws -> Int {
        let before: Instant = unit.now.adding(hours: -FileRules.unattachedHours)
        _ = try unit.connection.execute(
            """
            DELETE FROM platform_file_contents WHERE file_id IN
                (SELECT id FROM platform_files WHERE subject = '' AND create_time < $1)
            """, SQLValue(before))
        return try unit.connection.execute(
            "DELETE FROM platform_files WHERE subject = '' AND create_time < $1", SQLValue(before))
    }
}

/// An upload, without its content.
package struct UploadedFile: Sendable, Equatable {
    /// Name for people.
    package let displayName: String
    /// One of `FileRules.contentTypes`.
    package let contentType: String
    /// SHA-256 of the stored content: equal for the same paper uploaded twice.
    package let sha256: [UInt8]
    /// Resource name of whoever uploaded it.
    package let owner: String
    /// What it belongs to; empty until it is attached.
    package let subject: String
}

/// Who may see the files of a subject: asked of the module that owns the subject.
package protocol FileAudience: Sendable {
    /// The collection that it answers for, such as `cases`.
    var collection: String { get }
    /// Whether the caller may see `subject`, by what is stored.
    func maySee(subject: String, _ principal: Principal, _ context: ReadContext) throws -> Bool
}
