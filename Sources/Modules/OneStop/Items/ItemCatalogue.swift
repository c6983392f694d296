import Platform

/// What an import did.
package struct ItemImportCounts: Sendable, Equatable {
    package var created: Int = 0
    package var updated: Int = 0
    package var unchanged: Int = 0
    package var retired: Int = 0

    /// Items that are no longer as they were.
    var changes: Int { created + updated + retired }
}

/// Imports of catalogues and definitions.
package struct ItemCatalogue: Sendable {
    let platform: Platform
    let search: ItemSearch

    /// Makes the index of searches; to be called once the data are there.
    package func warm() async throws {
        try await platform.readAsSystem { try search.warm($0.connection) }
    }

    /// Names of the items that these words find, best first, from one snapshot of the store: what `SearchItems` answers with.
    package func find(_ words: String, limit: Int) async throws -> [String] {
        try await platform.readAsSystem { context in
            try search.search(words, kind: nil, limit: limit, context.connection).map(\.item.content.name)
        }
    }

    /// Whether the store has no item at all.
    package func isEmpty() async throws -> Bool {
        try await platform.readAsSystem { try ItemStore.isEmpty($0.connection) }
    }

    /// Imports a CSV or TSV file, all or nothing.
    ///
    /// - Parameters:
    ///   - name: of the catalogue; items of it that are missing from the file are retired.
    ///   - kind: of all items, where the file has no such column.
    /// - Throws: `DataFileError` with each wrong line.
    package func importFile(_ text: String, name: String, kind: ItemKind?) async throws -> ItemImportCounts {
        let file: ItemFile = try ItemFile(text, kind: kind)
        return try await platform.performAsSystem(action: "items.import") { unit in
            try ItemCatalogue.apply(file, name: name, unit)
        }
    }

    /// Publishes definitions of a YAML file by the codes of their items, all or nothing; returns how many changed.
    ///
    /// - Throws: `DataFileError` with each wrong element.
    package func importDefinitions(yaml: String) async throws -> Int {
        let file: DefinitionFile = try DefinitionFile(yaml: yaml)
        return try await platform.performAsSystem(action: "items.define") { unit in
            let plan: DefinitionPlan = try DefinitionPlan(file, unit.connection)
            guard plan.problems.isEmpty else { throw DataFileError(problems: plan.problems) }
            try plan.save(publish: true, unit)
            return plan.changed.count
        }
    }

    /// Writes what the file changes in the store.
    static func apply(_ file: ItemFile, name: String, _ unit: UnitOfWork) throws -> ItemImportCounts {
        let plan: ItemPlan = ItemPlan(
            existing: try ItemStore.all(unit.connection, catalogue: name), file: file.items)
        for content in plan.created {
            let item: StoredItem = StoredItem(
                id: try ItemStore.newID(for: content.code, unit), content: content, revision: 1,
                updateTime: unit.now, retired: false)
            try ItemStore.insert(item, catalogue: name, unit.connection)
            try ItemStore.revise(item, definition: ItemDefinition(), unit)
        }
        for change in plan.updated { try update(change, unit) }
        for old in plan.retired {
            var item: StoredItem = old
            item.updateTime = unit.now
            item.retired = true
            try ItemStore.update(item, unit.connection)
        }
        if plan.counts.changes > 0 { try ItemStore.raiseGeneration(unit.connection) }
        unit.audit(
            subject: "items",
            details: [
                "catalogue": name, "created": String(plan.created.count),
                "updated": String(plan.updated.count), "unchanged": String(plan.unchanged),
                "retired": String(plan.retired.count),
            ])
        return plan.counts
    }

    /// Another content is another revision; an item that only comes back keeps the one that it had.
    private static func update(_ change: ItemPlan.Change, _ unit: UnitOfWork) throws {
        var item: StoredItem = change.old
        item.updateTime = unit.now
        item.retired = false
        if item.content != change.new {
            let active: RevisedItem? = try ItemStore.find(
                unit.connection, id: item.id, revision: item.revision)
            item.content = change.new
            item.revision += 1
            try ItemStore.revise(item, definition: active?.definition ?? ItemDefinition(), unit)
        }
        try ItemStore.update(item, unit.connection)
    }
}

extension ItemPlan {
    var counts: ItemImportCounts {
        ItemImportCounts(
            created: created.count, updated: updated.count, unchanged: unchanged, retired: retired.count)
    }
}
