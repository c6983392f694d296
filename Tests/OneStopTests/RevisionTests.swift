import Contract
import Kernel
import Platform
import RPC
import Testing

@testable import OneStop

private let catalogueText: String =
    "code,name,dept,limit,statutory_limit\nA-1,养犬登记,公安局,5工作日,20工作日\nA-2,养猫登记,公安局,,\n"

private func definition(_ text: String, code: String = "A-1") -> String {
    """
    id: test
    version: 1
    definitions:
      \(code):
        source: M
        \(text)
    """
}

extension Catalogue {
    fileprivate typealias Methods = OneStopV1.CatalogueServiceMethods

    fileprivate func save(_ yaml: String, publish: Bool = false, check: Bool = false, request: Int = 1)
        async throws
        -> OneStopV1.SaveItemDraftsResponse
    {
        try await owner.saveItemDrafts(
            .init(
                content: yaml, publish: publish, validateOnly: check, requestID: Catalogue.requestID(request)),
            call(Methods.saveItemDrafts, editor: true))
    }

    fileprivate func publish(_ id: String, request: Int = 2) async throws -> OneStopV1.Item {
        try await owner.publishItemDraft(
            .init(name: "items/\(id)", requestID: Catalogue.requestID(request)),
            call(Methods.publishItemDraft, editor: true))
    }

    fileprivate func revisions(_ id: String, editor: Bool) async throws -> [OneStopV1.ItemRevision] {
        try await owner.listItemRevisions(
            .init(name: "items/\(id)"), call(Methods.listItemRevisions, editor: editor)
        ).revisions
    }

    fileprivate func compare(_ id: String, _ old: Int32, _ new: Int32, editor: Bool = false) async throws
        -> [OneStopV1.RevisionChange]
    {
        try await owner.compareItemRevisions(
            .init(name: "items/\(id)", oldRevision: old, newRevision: new),
            call(Methods.compareItemRevisions, editor: editor)
        ).changes
    }

    fileprivate func importText(_ text: String) async throws -> ItemImportCounts {
        try await catalogue.importFile(text, name: "test", kind: .handling)
    }
}

private func reason(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    } catch {
        return "\(error)"
    }
}

@Suite struct RevisionTests {
    @Test func aDraftWaitsUntilItIsPublished() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            #expect(try await test.save(definition("visits: 1")).saved == 1)
            #expect(try await test.item("A-1").visits == -1)
            #expect(try await test.item("A-1").hasDraft)
            // Another draft takes its place.
            #expect(try await test.save(definition("visits: 2"), request: 3).saved == 1)
            #expect(try await test.revisions("A-1", editor: true).map(\.state) == [.draft, .active])
            let published = try await test.publish("A-1")
            #expect(published.visits == 2 && published.revision == 2 && !published.hasDraft)
            #expect(try await test.revisions("A-1", editor: true).map(\.state) == [.active, .obsolete])
            #expect(try await test.publish("A-1").revision == 2)
            #expect(await reason { _ = try await test.publish("A-1", request: 4) } == "NO_DRAFT")
            #expect(
                try await test.number("SELECT count(*) FROM onestop_item_revisions WHERE item_id = 'A-1'")
                    == 2)
        }
    }

    @Test func anApplicationReadsTheRevisionThatItBeganWith() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            _ = try await test.save(definition("visits: 1"), publish: true)
            _ = try await test.save(definition("visits: 3"), publish: true, request: 2)
            // The item leaves the catalogue; what was begun goes on.
            _ = try await test.importText("code,name,dept\nA-2,养猫登记,公安局\n")
            let (pinned, active) = try await test.platform.readAsSystem { context in
                (
                    try ItemStore.find(context.connection, id: "A-1", revision: 2),
                    try ItemStore.find(context.connection, id: "A-1")
                )
            }
            #expect(
                pinned?.definition.visits == 1 && pinned?.state == .obsolete && pinned?.item.retired == true)
            #expect(pinned?.acceptsApplications == false && active == nil)
        }
    }

    @Test func anImportKeepsTheDefinitionAndTheDraft() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            _ = try await test.save(definition("visits: 1"), publish: true)
            _ = try await test.save(definition("visits: 2"), request: 2)
            let changed = catalogueText.replacing("养犬登记", with: "犬只登记")
            #expect(try await test.importText(changed) == ItemImportCounts(updated: 1, unchanged: 1))
            let item = try await test.item("A-1")
            #expect(item.displayName == "犬只登记" && item.visits == 1 && item.revision == 3 && item.hasDraft)
            #expect(
                try await test.revisions("A-1", editor: true).map(\.state)
                    == [.draft, .active, .obsolete, .obsolete])
            let published = try await test.publish("A-1", request: 3)
            #expect(published.displayName == "犬只登记" && published.visits == 2 && published.revision == 4)
        }
    }

    @Test func anItemThatComesBackKeepsItsRevision() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            let without = "code,name,dept\nA-2,养猫登记,公安局\n"
            #expect(try await test.importText(without) == ItemImportCounts(unchanged: 1, retired: 1))
            #expect(await reason { _ = try await test.item("A-1") } == "ITEM_NOT_FOUND")
            #expect(try await test.importText(catalogueText) == ItemImportCounts(updated: 1, unchanged: 1))
            #expect(try await test.item("A-1").revision == 1)
        }
    }

    @Test func whatIsTheSameIsNoRevision() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            _ = try await test.save(definition("visits: 1"), publish: true)
            _ = try await test.save(definition("visits: 2"), request: 2)
            // Going back to what holds takes the draft away.
            let answer = try await test.save(definition("visits: 1"), request: 3)
            #expect(answer.saved == 0 && answer.unchanged == 1)
            #expect(try await test.item("A-1").hasDraft == false)
            #expect(try await test.item("A-1").revision == 2)
        }
    }

    @Test func draftsAreForThoseWhoWorkOnThem() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            _ = try await test.save(definition("visits: 1"))
            #expect(try await test.revisions("A-1", editor: false).map(\.state) == [.active])
            #expect(try await test.revisions("A-1", editor: false)[0].author.isEmpty)
            #expect(try await test.revisions("A-1", editor: true)[0].author == "staff/editor")
            #expect(await reason { _ = try await test.compare("A-1", 1, 2) } == "ITEM_REVISION_NOT_FOUND")
            #expect(try await test.compare("A-1", 1, 2, editor: true).map(\.newText) == ["1"])
            _ = try await test.owner.discardItemDraft(
                .init(name: "items/A-1", requestID: Catalogue.requestID(5)),
                test.call(OneStopV1.CatalogueServiceMethods.discardItemDraft, editor: true))
            #expect(try await test.revisions("A-1", editor: true).map(\.state) == [.active])
        }
    }

    @Test func differencesAreInPlainWords() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            _ = try await test.save(
                definition(
                    "materials: [{label: 身份证}, {label: 照片, form: 原件, copies: 2}]\n    audience: person"),
                publish: true)
            _ = try await test.importText(catalogueText.replacing("5工作日", with: "3工作日"))
            _ = try await test.save(
                definition("materials: [{label: 身份证}, {label: 户口簿, required: false}]"), publish: true,
                request: 2)
            let changes = try await test.compare("A-1", 2, 0)
            #expect(
                changes.map { "\($0.subject?.zh ?? ""): \($0.oldText) → \($0.newText)" } == [
                    "承诺时限: 5个工作日 → 3个工作日", "申请对象: 自然人 → ", "材料: 照片（原件；2份） → ",
                    "材料:  → 户口簿（视情况提供）",
                ])
            #expect(try await test.compare("A-1", 4, 0).isEmpty)
            let item = try await test.item("A-1")
            #expect(item.statutoryLimit?.value == 20 && item.promisedLimit?.value == 3)
        }
    }

    @Test func aSlipIsToldByItsLineAndChangesNothing() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            let yaml = """
                id: test
                version: 1
                definitions:
                  A-1:
                    source: M
                    visit: 1
                  A-2:
                    source: M
                    visits: 99
                    audience: persons
                    fees: [{label: 工本费}]
                    special: [{kind: hearing, label: 听证, limit: 很快}]
                """
            let answer = try await test.save(yaml, publish: true)
            #expect(answer.problems.map(\.line) == [6, 9, 10, 11, 12] && answer.problems.allSatisfy(\.error))
            #expect(answer.problems[0].text?.zh.contains("visits") == true)
            let unknown = try await test.save(definition("visits: 1", code: "A-9"), request: 2)
            #expect(unknown.saved == 0 && unknown.problems.map(\.line) == [5])
            #expect(try await test.save(definition("visits: 1"), check: true, request: 3).saved == 1)
            #expect(try await test.number("SELECT count(*) FROM onestop_item_revisions") == 2)
            let broken = try await test.save("definitions:\n  A-1: {visits: 1", request: 4)
            #expect(broken.problems.count == 1 && broken.problems[0].error)
        }
    }

    @Test func aCodeInTwoCataloguesNeedsItsCatalogue() async throws {
        try await Catalogue.with { test in
            _ = try await test.importText(catalogueText)
            _ = try await test.catalogue.importFile(catalogueText, name: "other", kind: .query)
            #expect(try await test.save(definition("visits: 1")).problems.count == 1)
            let named = "catalogue: other\n" + definition("visits: 1")
            #expect(try await test.save(named, request: 2).saved == 1)
        }
    }
}
