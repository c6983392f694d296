import Contract
import Kernel
import RPC

/// `DialogueService`: menus out, for whoever has not signed in yet too.
struct MenuDesk: PlatformV1.DialogueService {
    let platform: Platform

    static let access: [AccessRule] = [AccessRule(PlatformV1.DialogueServiceMethods.getMenu, .anyone)]

    func getMenu(_ request: PlatformV1.GetMenuRequest, _ call: ServerCall) async throws -> PlatformV1.Menu {
        let id: String =
            switch request.frontEnd {
            case .chatbot: "chatbot"
            case .kiosk: "kiosk"
            default: throw ConfigurationTexts.frontEndMissing
            }
        guard let (version, menu) = platform.documents.value(.menu, id: id, as: MenuDefinition.self) else {
            throw ConfigurationTexts.menuMissing
        }
        return PlatformV1.Menu(
            version: Int32(clamping: version), greeting: .init(menu.greeting),
            entries: menu.entries.map { entry in
                PlatformV1.MenuEntry(
                    id: entry.id, parent: entry.parent, label: .init(entry.label), action: entry.action,
                    keywords: entry.keywords, hint: .init(entry.hint), topics: entry.topics)
            }, hotline: menu.hotline)
    }
}
