package import Kernel
package import Storage
import Synchronization

/// Kinds of versioned data documents; the raw value stands in names such as `documents/workflow/case/1`.
package enum DocumentKind: String, Sendable, Hashable, CaseIterable {
    case menu, workflow, calendar, categories, points, templates, halls, ratings, certificates, bundles, forms
    case itemWords = "item_words"
}

/// A document that was read and checked.
package struct CheckedDocument: Sendable {
    /// Id within the kind, such as `case` or `2026`.
    package let id: String
    /// The version that the document gives itself; nil where the store counts.
    package let version: Int?
    package let warnings: [DataProblem]
    /// What was read, for `Documents.value`.
    package let value: any Sendable

    package init(id: String, version: Int? = nil, warnings: [DataProblem] = [], value: any Sendable) {
        self.id = id
        self.version = version
        self.warnings = warnings
        self.value = value
    }
}

/// Reads the documents of one kind: Platform for its own, a module for what is its business.
package struct DocumentReader: Sendable {
    package let kind: DocumentKind
    package let read: @Sendable (_ yaml: String) throws -> CheckedDocument

    package init(_ kind: DocumentKind, read: @escaping @Sendable (_ yaml: String) throws -> CheckedDocument) {
        self.kind = kind
        self.read = read
    }
}

/// The versioned data that shapes the product, as it stands in the store: read once, kept parsed, exchanged whole when
/// an import has been committed.
package final class Documents: Sendable {
    private struct Entry {
        let version: Int
        let value: any Sendable
    }
    private struct Key: Hashable {
        let kind: DocumentKind
        let id: String
    }

    private let readers: [DocumentKind: DocumentReader]
    /// All versions of each document, oldest first.
    private let entries: Mutex<[Key: [Entry]]> = Mutex([:])

    /// - Precondition: no kind has two readers.
    package init(readers: [DocumentReader]) {
        self.readers = Dictionary(
            uniqueKeysWithValues: (Documents.ownReaders + readers).map { ($0.kind, $0) })
    }

    /// Reads everything that the store holds. A document that cannot be read any more stops the start, with its name.
    package func load(_ connection: any Connection) throws {
        var loaded: [Key: [Entry]] = [:]
        for row: DocumentRecord in try DocumentStore.all(connection) {
            let checked: CheckedDocument = try read(row.kind, row.yaml)
            loaded[Key(kind: row.kind, id: row.id), default: []].append(
                Entry(version: row.version, value: checked.value))
        }
        let complete: [Key: [Entry]] = loaded.mapValues { $0.sorted { $0.version < $1.version } }
        entries.withLock { $0 = complete }
    }

    /// Checks a text without importing it.
    ///
    /// - Throws: INVALID_ARGUMENT with every problem; UNIMPLEMENTED for a kind that nobody reads.
    package func read(_ kind: DocumentKind, _ yaml: String) throws -> CheckedDocument {
        guard let reader: DocumentReader = readers[kind] else { throw ConfigurationTexts.kindUnknown }
        do {
            return try reader.read(yaml)
        } catch let error as DataFileError {
            throw error.refusal
        }
    }

    /// The newest version of a document.
    package func value<T>(_ kind: DocumentKind, id: String, as type: T.Type = T.self) -> (
        version: Int, value: T
    )? {
        entries.withLock { entries in
            guard let entry = entries[Key(kind: kind, id: id)]?.last, let value = entry.value as? T else {
                return nil
            }
            return (entry.version, value)
        }
    }

    /// One version of a document, for what is pinned to it.
    package func value<T>(_ kind: DocumentKind, id: String, version: Int, as type: T.Type = T.self) -> T? {
        entries.withLock { entries in
            entries[Key(kind: kind, id: id)]?.first { $0.version == version }?.value as? T
        }
    }

    /// Whether anybody reads documents of this kind.
    package func reads(_ kind: DocumentKind) -> Bool { readers[kind] != nil }

    /// Whether any version of a document was imported.
    package func contains(_ kind: DocumentKind, id: String) -> Bool {
        entries.withLock { $0[Key(kind: kind, id: id)] != nil }
    }

    /// The newest versions of all documents of a kind.
    package func values<T>(_ kind: DocumentKind, as type: T.Type = T.self) -> [T] {
        entries.withLock { entries in
            entries.filter { $0.key.kind == kind }.sorted { $0.key.id < $1.key.id }
                .compactMap { $0.value.last?.value as? T }
        }
    }

    /// The work calendar of all years that were imported.
    package var calendar: WorkCalendar { WorkCalendar(years: values(.calendar, as: WorkYear.self)) }

    /// Imports a text in the unit's transaction; nil if the newest version says the same already. Call `load` after
    /// the commit.
    package func importText(_ kind: DocumentKind, yaml: String, _ unit: UnitOfWork) throws -> DocumentRecord?
    {
        let checked: CheckedDocument = try read(kind, yaml)
        let newest: DocumentRecord? = try DocumentStore.newest(unit.connection, kind, id: checked.id)
        if let newest, newest.yaml == yaml { return nil }
        let version: Int = checked.version ?? (newest?.version ?? 0) + 1
        if let newest, version <= newest.version {
            throw ConfigurationTexts.versionNotNewer(version: version, newest: newest.version)
        }
        let record: DocumentRecord = DocumentRecord(
            kind: kind, id: checked.id, version: version, yaml: yaml, createTime: unit.now,
            creator: unit.principal.name)
        try DocumentStore.insert(record, unit.connection)
        unit.audit(
            action: "document.import", subject: record.name, details: ["bytes": String(yaml.utf8.count)])
        return record
    }

    /// What Platform reads itself.
    private static let ownReaders: [DocumentReader] = [
        DocumentReader(.menu) { yaml in
            let menu: MenuDefinition = try MenuDefinition(yaml: yaml)
            return CheckedDocument(id: menu.id, value: menu)
        },
        DocumentReader(.workflow) { yaml in
            let workflow: WorkflowDefinition = try WorkflowDefinition(yaml: yaml)
            return CheckedDocument(
                id: workflow.id, version: workflow.version, warnings: workflow.warnings, value: workflow)
        },
        DocumentReader(.calendar) { yaml in
            let year: WorkYear = try WorkYear(yaml: yaml)
            return CheckedDocument(id: String(year.year), value: year)
        },
    ]
}

/// A document as the store keeps it.
package struct DocumentRecord: Sendable, Equatable {
    package let kind: DocumentKind
    package let id: String
    package let version: Int
    package let yaml: String
    package let createTime: Instant
    package let creator: String

    package var name: String { "documents/\(kind.rawValue)/\(id)/\(version)" }
}
