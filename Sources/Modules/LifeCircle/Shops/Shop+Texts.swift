import Kernel

/// What people read about shops.
enum ShopTexts {
    static let name: ResourceName.Pattern = "shops/{shop}"

    static func id(ofShop text: String, field: String = "name") throws(Refusal) -> String {
        try ResourceName(parsing: text, name, field: field).id
    }

    static func requireTrade(_ trade: String) throws(Refusal) {
        guard trade.isEmpty || Trade.all.contains(where: { $0.id == trade }) else {
            throw .invalid(
                field: "trade", reason: "TRADE_UNKNOWN", zh: "没有这个行业，请从列表里选。",
                en: "There is no such trade. Choose one from the list.")
        }
    }

    static let notFound: Refusal = .notFound(
        reason: "SHOP_NOT_FOUND", zh: "没有找到这家店，可能已经关闭。请重新搜索。",
        en: "The shop was not found; it may have closed. Search again.")

    static let placeMissing: Refusal = .invalid(
        field: "place", reason: "PLACE_MISSING", zh: "请先说从哪里找：填一个地方，或登记您的住处。",
        en: "Say from where to look: name a place, or register your home.")

    static let placeUnknown: Refusal = .wrongState(
        reason: "PLACE_WITHOUT_CENTRE", zh: "这个地方还没有坐标，请换一个附近的社区试试。",
        en: "That place has no coordinates yet. Try a community nearby.")
}
