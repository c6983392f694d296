import Foundation
import Kernel
import OneStop
import Platform

/// What query items answer in the demonstration: the data sets below `ops/data/queries`, and records about its residents,
/// whose rows are made here since nobody's number stands in a file.
///
/// Everything goes through the import that departments use. What is there already, from whomever, stays.
struct DemoQueries {
    let book: DataSetBook
    /// The data files of the product, `ops/data`.
    let folder: String
    let now: Instant

    /// Folders of the schemas, and of those whose rows are about residents.
    static let queries: String = "queries"
    static let personal: String = "queries/personal"

    /// Imports what is missing.
    ///
    /// - Parameter people: makes the residents whom records are about; only asked if there is something to import.
    /// - Throws: `StartProblem` for a file that cannot be used.
    func load(people: () throws -> [DemoPerson]) async throws {
        let present: Set<String> = try await book.ids()
        for id in try schemas(in: DemoQueries.queries) where !present.contains(id) {
            let (path, asOf): (String, CivilDate) = try rowsFile(of: id)
            try await importSet(
                DemoQueries.queries, id, rows: try TextFile.read(path), asOf: Instant(startOf: asOf))
        }
        let missing: [String] = try schemas(in: DemoQueries.personal).filter { !present.contains($0) }
        guard !missing.isEmpty else { return }
        let records: DemoRecords = DemoRecords(people: try people(), today: now.shanghaiDate)
        for id in missing {
            guard let rows: String = records.rows(of: id) else {
                throw StartProblem(
                    what: "nothing is known of how to make rows for the data set \(id)",
                    todo: "Put its rows into a file beside the others, or remove its schema.")
            }
            try await importSet(
                DemoQueries.personal, id, rows: rows, asOf: Instant(startOf: now.shanghaiDate))
        }
    }

    private func importSet(_ part: String, _ id: String, rows: String, asOf: Instant) async throws {
        let path: String = "\(folder)/\(part)/\(id).yaml"
        do {
            try await book.importSet(schema: try TextFile.read(path), rows: rows, asOf: asOf)
        } catch let error as DataFileError {
            throw StartProblem(
                what: "the data set \(path) cannot be used: \(error)", todo: "Correct the file.")
        }
    }

    /// Names of the schemas in a folder, which are the ids of their sets.
    private func schemas(in part: String) throws -> [String] {
        try names(in: part).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
    }

    /// The newest file with rows of a set, `ID.2025-12-31.csv`, and the day whose state it shows.
    private func rowsFile(of id: String) throws -> (path: String, asOf: CivilDate) {
        for name in try names(in: DemoQueries.queries).reversed()
        where name.hasPrefix("\(id).") && name.hasSuffix(".csv") {
            let day: Substring = name.dropFirst(id.count + 1).dropLast(".csv".count)
            if let asOf: CivilDate = CivilDate(String(day)) {
                return ("\(folder)/\(DemoQueries.queries)/\(name)", asOf)
            }
        }
        throw StartProblem(
            what: "the data set \(folder)/\(DemoQueries.queries)/\(id).yaml has no rows",
            todo: "Put them beside it, in a file named after the day that they show: \(id).2025-12-31.csv.")
    }

    private func names(in part: String) throws -> [String] {
        let path: String = "\(folder)/\(part)"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}
