import Testing

@testable import Platform

@Suite("The menus of the kiosk, as they are shipped")
struct KioskMenuTests {
    /// As Sources/Dialogue shows them on one page.
    private static let choicesPerPage: Int = 6

    @Test("no menu has a second page, and two steps lead to everything that the first page does not show")
    func short() throws {
        let menu: MenuDefinition = try MenuDefinition(yaml: DataFiles.text("menus/resident-kiosk.yaml"))
        let byParent: [String: [MenuDefinition.Entry]] = Dictionary(grouping: menu.entries, by: \.parent)
        for (parent, entries) in byParent {
            #expect(entries.count <= Self.choicesPerPage, "\(parent)")
        }
        #expect(byParent[""]?.map(\.id).contains("ticket") == true)
        let parents: [String: String] = Dictionary(
            uniqueKeysWithValues: menu.entries.map { ($0.id, $0.parent) })
        for entry: MenuDefinition.Entry in menu.entries {
            let above: String = parents[entry.parent] ?? ""
            #expect(above.isEmpty || parents[above] == "", "\(entry.id) is too far down")
        }
    }

    @Test(
        "what the chatbot offers is at the kiosk too, but for what has a key, is below the account, or has no place there"
    )
    func complete() throws {
        let kiosk: MenuDefinition = try MenuDefinition(yaml: DataFiles.text("menus/resident-kiosk.yaml"))
        let chatbot: MenuDefinition = try MenuDefinition(yaml: DataFiles.text("menus/resident-chatbot.yaml"))
        let missing: Set<String> = Set(chatbot.entries.map(\.action)).subtracting(kiosk.entries.map(\.action))
        #expect(
            missing.isSubset(of: [
                "", "flow:kiosk_sign_in", "flow:language", "flow:human", "flow:data_accesses",
                "flow:verify_identity",
            ]), "\(missing)")
    }
}
