import FoundationEssentials
import Kernel
import Platform
import Storage

/// A bundle that was applied for. Its parts are applications that bear its id.
struct BundleCase: Sendable, Equatable {
    var id: String
    var bundleID: String
    var title: BilingualText
    /// `residents/{id}`.
    var applicant: String
    /// As they were when it was handed in, those that were wanted, in order.
    var parts: [BundleDefinition.Part]
    var createTime: Instant

    /// `bundleCases/{id}`.
    var name: String { "bundleCases/\(id)" }
}

/// What follows for a part from the others. Pure.
enum BundleRules {
    /// What a waiting part does now.
    enum Step: Equatable {
        case wait
        case submit
        /// With the items that failed.
        case drop([String])
    }

    static func hasFailed(_ record: ApplicationRecord) -> Bool {
        switch record.state {
        case .rejected, .withdrawn, .refused: true
        default: record.details.decision?.granted == false
        }
    }

    /// - Parameter others: the applications of the case by the ids of their items.
    static func step(of part: BundleDefinition.Part, _ others: [String: ApplicationRecord]) -> Step {
        let needed: [ApplicationRecord] = part.after.compactMap { others[$0] }
        let failed: [String] = needed.filter(hasFailed).map(\.itemText)
        if !failed.isEmpty { return .drop(failed) }
        return needed.allSatisfy { $0.details.decision?.granted == true } ? .submit : .wait
    }
}

/// All SQL about bundle cases.
enum BundleStore {
    static let schema: String = """
        CREATE TABLE onestop_bundle_cases (
            id TEXT PRIMARY KEY NOT NULL,
            bundle_id TEXT NOT NULL,
            title_zh TEXT NOT NULL,
            title_en TEXT NOT NULL,
            applicant TEXT NOT NULL,
            parts TEXT NOT NULL,
            create_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX onestop_bundle_cases_applicant ON onestop_bundle_cases (applicant, id);
        """
    private static let columns: String = "id, bundle_id, title_zh, title_en, applicant, parts, create_time"

    static func insert(_ bundle: BundleCase, _ connection: any Connection) throws {
        let parts: String = String(decoding: try JSONEncoder().encode(bundle.parts), as: UTF8.self)
        try connection.execute(
            "INSERT INTO onestop_bundle_cases (\(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            .text(bundle.id), .text(bundle.bundleID), .text(bundle.title.zh), .text(bundle.title.en),
            .text(bundle.applicant), .text(parts), SQLValue(bundle.createTime))
    }

    static func find(_ id: String, _ connection: any Connection) throws -> BundleCase? {
        try connection.first(
            "SELECT \(columns) FROM onestop_bundle_cases WHERE id = $1", .text(id), row: row)
    }

    /// Newest first, before an id.
    static func list(applicant: String, before: String?, limit: Int, _ connection: any Connection) throws
        -> [BundleCase]
    {
        try connection.query(
            """
            SELECT \(columns) FROM onestop_bundle_cases WHERE applicant = $1 AND ($2 = '' OR id < $2)
            ORDER BY id DESC LIMIT $3
            """, .text(applicant), .text(before ?? ""), SQLValue(limit), row: row)
    }

    private static func row(_ row: Row) throws -> BundleCase {
        BundleCase(
            id: row.text(0), bundleID: row.text(1), title: BilingualText(zh: row.text(2), en: row.text(3)),
            applicant: row.text(4),
            parts: try JSONDecoder().decode([BundleDefinition.Part].self, from: Data(row.text(5).utf8)),
            createTime: row.instant(6))
    }
}

extension Applications {
    /// Moves the parts of a bundle on that waited for this one.
    func moveBundle(of record: ApplicationRecord, _ unit: UnitOfWork) throws {
        guard !record.bundleCase.isEmpty,
            let bundle = try BundleStore.find(record.bundleCase, unit.connection)
        else { return }
        // What waits for nothing is handed in with the case.
        for part in bundle.parts where !part.after.isEmpty {
            // Read anew for each: a part that moves may move others.
            let records: [ApplicationRecord] = try ApplicationStore.parts(of: bundle.id, unit.connection)
            let byItem: [String: ApplicationRecord] = Dictionary(
                records.map { ($0.itemID, $0) }, uniquingKeysWith: { first, _ in first })
            // Parts that are not made yet come when the case is handed in.
            guard let waiting = byItem[part.item], waiting.state == .waiting,
                part.after.allSatisfy({ byItem[$0] != nil })
            else { continue }
            switch BundleRules.step(of: part, byItem) {
            case .wait: continue
            case .submit: try apply(.submit, to: waiting, asSystem: true, unit)
            case .drop(let failed):
                try apply(
                    .drop(blockedBy: failed.joined(separator: "、")), to: waiting, asSystem: true, unit)
            }
        }
    }
}

/// Who may see the materials of a bundle: those who may see one of its parts.
struct BundleFiles: FileAudience {
    let collection: String = "bundleCases"

    func maySee(subject: String, _ principal: Principal, _ context: ReadContext) throws -> Bool {
        guard subject.hasPrefix("bundleCases/") else { return false }
        let id: String = String(subject.dropFirst("bundleCases/".count))
        let scope: ApplicationScope = ApplicationScope(of: principal)
        return try ApplicationStore.parts(of: id, context.connection).contains { part in
            try ApplicationStore.find(part.number, in: scope, context.connection) != nil
        }
    }
}
