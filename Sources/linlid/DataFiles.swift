internal import Foundation
internal import Kernel
internal import OneStop
internal import Platform

/// The data files that come with the product (`ops/data`): at the start, what the store does not have yet is imported. What
/// somebody has imported since is never overwritten.
enum DataFiles {
    /// Folder of the data files, by kind.
    private static let folders: [(folder: String, kind: DocumentKind)] = [
        ("menus", .menu), ("workflows", .workflow), ("calendar", .calendar), ("categories", .categories),
        ("points", .points), ("halls", .halls), ("ratings", .ratings),
        ("items/words", .itemWords),
        ("certificates", .certificates), ("bundles", .bundles), ("forms", .forms),
    ]

    /// Imports every document that the store has no version of, then reads all that it has.
    ///
    /// - Parameter folder: nil imports nothing.
    /// - Throws: `StartProblem` for a file that cannot be used.
    static func load(_ platform: Platform, from folder: String?) async throws {
        try await platform.readAsSystem { try platform.documents.load($0.connection) }
        guard let folder else { return }
        for (name, kind) in folders where platform.documents.reads(kind) {
            for path: String in try yamlFiles(in: "\(folder)/\(name)") {
                try await importFile(path, kind, platform)
            }
        }
        try await platform.readAsSystem { try platform.documents.load($0.connection) }
    }

    /// Imports the service items and their definitions, if the store has no item yet.
    ///
    /// - Parameter folder: nil imports nothing.
    /// - Throws: `StartProblem` for a file that cannot be used.
    static func loadItems(_ catalogue: ItemCatalogue, from folder: String?) async throws {
        guard let folder, try await catalogue.isEmpty() else { return try await catalogue.warm() }
        let files: [(name: String, kind: ItemKind)] = [("handling", .handling), ("query", .query)]
        for (name, kind) in files {
            let path: String = "\(folder)/items/\(name).tsv"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            try await usable(path) {
                _ = try await catalogue.importFile(TextFile.read(path), name: name, kind: kind)
            }
        }
        // Forms come after the definitions that they belong to.
        for path: String in try yamlFiles(in: "\(folder)/items/definitions")
            + yamlFiles(in: "\(folder)/items/forms")
        {
            try await usable(path) { _ = try await catalogue.importDefinitions(yaml: TextFile.read(path)) }
        }
        try await catalogue.warm()
    }

    /// Keeps the figures that are published of places which the store has, newer ones in place of older ones.
    ///
    /// - Parameter folder: nil imports nothing.
    /// - Throws: `StartProblem` for a file that cannot be used.
    static func loadFigures(_ platform: Platform, from folder: String?) async throws {
        guard let folder else { return }
        for path: String in try files(in: "\(folder)/figures", ending: ".tsv") {
            try await usable(path) {
                let figures: [(place: String, figure: PlaceFigure)] = try PlaceFigures.read(
                    tsv: TextFile.read(path))
                try await platform.performAsSystem(action: "figures.import") { unit in
                    var count: Int = 0
                    for (place, figure) in figures
                    where try Organizations.find(unit.connection, place) != nil {
                        count += try PlaceFigures.put(figure, of: place, unit.connection) ? 1 : 0
                    }
                    if count > 0 { unit.audit(subject: "figures", details: ["count": String(count)]) }
                }
            }
        }
    }

    private static func usable(_ path: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as DataFileError {
            throw StartProblem(
                what: "the data file \(path) cannot be used: \(error)", todo: "Correct the file.")
        }
    }

    private static func importFile(_ path: String, _ kind: DocumentKind, _ platform: Platform) async throws {
        let yaml: String = try TextFile.read(path)
        let checked: CheckedDocument
        do {
            checked = try platform.documents.read(kind, yaml)
        } catch {
            throw StartProblem(
                what: "the data file \(path) cannot be used: \(error)", todo: "Correct the file.")
        }
        guard !platform.documents.contains(kind, id: checked.id) else { return }
        _ = try await platform.performAsSystem(action: "document.import") { unit in
            try platform.documents.importText(kind, yaml: yaml, unit)
        }
    }

    /// In the order of their names; a folder that is not there has none.
    private static func yamlFiles(in folder: String) throws -> [String] {
        try files(in: folder, ending: ".yaml")
    }

    private static func files(in folder: String, ending: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(ending) }
            .sorted()
            .map { "\(folder)/\($0)" }
    }
}
