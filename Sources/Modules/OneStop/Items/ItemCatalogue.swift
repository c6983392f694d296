import Platform

/// What an import did.
package struct ItemImportCounts: Sendable, Equatable {
    package var created: Int = 0
    package var updated: Int = 0
    package var unchanged: Int = 0
    package var retired: Int = 0
}

/// Imports of catalogues and guides.
package struct ItemCatalogue: Sendable {
    let platform: Platform

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
        let prepared: PreparedItems = PreparedItems(try ItemFile(text, kind: kind))
        return try await platform.performAsSystem(action: "items.import") { unit in
            try ItemCatalogue.apply(prepared, name: name, unit)
        }
    }

    /// Imports guides by the codes of their items; returns how many.
    ///
    /// - Throws: `DataFileError` with each wrong element.
    package func importGuides(yaml: String) async throws -> Int {
        let guides: [ItemGuide] = try ItemGuide.read(yaml: yaml)
        try await platform.performAsSystem(action: "guides.import") { unit in
            for guide in guides { try ItemStore.setGuide(guide, unit.connection) }
            unit.audit(subject: "guides", details: ["count": String(guides.count)])
        }
        return guides.count
    }

    /// Writes what the file changes in the store.
    static func apply(_ prepared: PreparedItems, name: String, _ unit: UnitOfWork) throws -> ItemImportCounts
    {
        let plan: ItemPlan = ItemPlan(
            existing: try ItemStore.all(unit.connection, catalogue: name), file: prepared.file.items)
        for content in plan.created {
            let item: StoredItem = StoredItem(
                id: try ItemStore.newID(for: content.code, unit), content: content, revision: 1,
                updateTime: unit.now, retired: false)
            try ItemStore.insert(item, catalogue: name, unit.connection)
            try ItemStore.setWords(prepared.words(of: content), of: item.id, unit.connection)
        }
        for change in plan.updated {
            let item: StoredItem = StoredItem(
                id: change.old.id, content: change.new, revision: change.old.revision + 1,
                updateTime: unit.now, retired: false)
            try ItemStore.update(item, unit.connection)
            try ItemStore.setWords(prepared.words(of: change.new), of: item.id, unit.connection)
        }
        for old in plan.retired {
            var item: StoredItem = old
            item.revision += 1
            item.updateTime = unit.now
            item.retired = true
            try ItemStore.update(item, unit.connection)
            try ItemStore.setWords([:], of: item.id, unit.connection)
        }
        unit.audit(
            subject: "items",
            details: [
                "catalogue": name, "created": String(plan.created.count),
                "updated": String(plan.updated.count), "unchanged": String(plan.unchanged),
                "retired": String(plan.retired.count),
            ])
        return plan.counts
    }
}

/// A file with the pinyin of its characters, made before the transaction begins.
struct PreparedItems: Sendable {
    let file: ItemFile
    private let pinyin: PinyinInitials

    init(_ file: ItemFile) {
        self.file = file
        pinyin = PinyinInitials(
            of: file.items.flatMap { [$0.name] + $0.synonyms }.map(ItemWords.normalized))
    }

    func words(of item: ItemContent) -> [String: Int] { ItemWords.index(item, initials: pinyin.initials) }
}

extension ItemPlan {
    var counts: ItemImportCounts {
        ItemImportCounts(
            created: created.count, updated: updated.count, unchanged: unchanged, retired: retired.count)
    }
}
