import Platform
import Storage

/// What a file of definitions would do to the items that the store has.
struct DefinitionPlan: Sendable {
    struct Change: Sendable {
        let head: StoredItem
        let definition: ItemDefinition
    }
    /// Definitions that differ from the active revision.
    private(set) var changed: [Change] = []
    private(set) var unchanged: [StoredItem] = []
    /// Entries without an item to belong to.
    private(set) var problems: [DataProblem] = []

    init(_ file: DefinitionFile, _ connection: any Connection) throws {
        for entry: DefinitionFile.Entry in file.entries {
            let items: [RevisedItem] = try ItemStore.active(
                connection, code: entry.code, catalogue: file.catalogue)
            guard let active: RevisedItem = items.first, items.count == 1 else {
                problems.append(
                    items.isEmpty
                        ? DefinitionTexts.itemUnknown(entry.code, line: entry.line)
                        : DefinitionTexts.itemAmbiguous(entry.code, line: entry.line))
                continue
            }
            let definition: ItemDefinition = entry.content.applied(to: active.definition)
            if active.definition == definition {
                unchanged.append(active.item)
            } else {
                changed.append(Change(head: active.item, definition: definition))
            }
        }
        problems = Array(problems.prefix(DataDocument.maximumProblems))
    }

    /// Saves what differs as drafts, or publishes it at once. A definition that is the active one's again throws the
    /// draft away: saving it says that nothing is to change.
    func save(publish: Bool, _ unit: UnitOfWork) throws {
        for item: StoredItem in unchanged { try ItemStore.discardDraft(of: item.id, unit.connection) }
        for change: Change in changed {
            let revision: Int = try ItemStore.saveDraft(change.definition, of: change.head, unit)
            if publish { try ItemStore.publishDraft(of: change.head, unit) }
            unit.audit(
                subject: "items/\(change.head.id)",
                details: ["revision": String(revision), "state": publish ? "active" : "draft"])
        }
        unit.audit(
            subject: "items",
            details: ["changed": String(changed.count), "unchanged": String(unchanged.count)])
    }
}
