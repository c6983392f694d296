import Kernel
import Platform

/// What people read about orders.
enum OrderTexts {
    static func state(_ state: OrderState) -> BilingualText {
        switch state {
        case .placed: BilingualText(zh: "等商家接单", en: "waiting for the shop")
        case .accepted: BilingualText(zh: "商家已接单", en: "accepted by the shop")
        case .declined: BilingualText(zh: "商家没接单", en: "declined by the shop")
        case .cancelled: BilingualText(zh: "已取消", en: "cancelled")
        case .completed: BilingualText(zh: "已完成", en: "completed")
        }
    }

    static let notFound: Refusal = .notFound(
        reason: "ORDER_NOT_FOUND", zh: "没有找到这个订单，请核对订单号。",
        en: "The order was not found. Check its number.")

    static func takesNoOrders(_ shop: Shop) -> Refusal {
        .wrongState(
            reason: "SHOP_TAKES_NO_ORDERS", zh: "\(shop.name)不在这里接单，请打电话 \(shop.phone)。",
            en: "This shop takes no orders here. Call \(shop.phone).", metadata: ["phone": shop.phone])
    }

    static func offerUnknown(_ shop: Shop) -> Refusal {
        .invalid(
            field: "offer", reason: "OFFER_UNKNOWN", zh: "\(shop.name)没有这一项，请重新选择。",
            en: "The shop has no such offer. Choose again.")
    }

    static let nothingOrdered: Refusal = .invalid(
        field: "note", reason: "ORDER_EMPTY", zh: "请选一项服务，或写明需要什么。",
        en: "Choose an offer, or say what you need.")

    static let priceRange: Refusal = .invalid(
        field: "price_fen", reason: "PRICE_RANGE", zh: "价格应在 0 到 100 万元之间，单位是分。",
        en: "The price must be between 0 and 1,000,000 yuan, in fen.")

    static let appointmentRange: Refusal = .invalid(
        field: "appointment_time", reason: "APPOINTMENT_RANGE", zh: "上门时间应在现在之后、60 天之内。",
        en: "The appointment must lie in the next 60 days.")

    static let tooManyOpen: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "TOO_MANY_OPEN_ORDERS",
        zh: "您有 \(OrderRules.openOrdersMax) 个订单还没完成。请等商家处理，或取消几个再下单。",
        en: "You have \(OrderRules.openOrdersMax) open orders. Wait for the shops, or cancel some first.")

    static func wrongState(_ state: OrderState, _ action: OrderAction) -> Refusal {
        let now: BilingualText = self.state(state)
        let next: (zh: String, en: String) =
            switch state {
            case .placed:
                ("商家可以接单或不接，您可以取消。", "The shop may accept or decline it; the resident may cancel it.")
            case .accepted: ("有变动请直接打电话联系。", "Call each other about changes.")
            case .declined, .cancelled, .completed: ("需要的话请重新下单。", "Order again if you need it.")
            }
        return .wrongState(
            reason: "ORDER_STATE", zh: "这个订单现在是「\(now.zh)」，不能这样操作。\(next.zh)",
            en: "The order is \(now.en) now; this cannot be done. \(next.en)",
            metadata: ["state": String(describing: state), "action": action.rawValue])
    }

    /// What the resident is told of a change.
    static func message(_ order: Order) -> (title: BilingualText, body: BilingualText) {
        let title: BilingualText = BilingualText(
            zh: "订单 \(order.number)：\(state(order.state).zh)",
            en: "Order \(order.number): \(state(order.state).en)")
        switch order.state {
        case .accepted:
            let price: String = order.priceFen > 0 ? Fen(order.priceFen).description : "面议"
            let time: String = order.appointment.map { $0.shanghai.description } ?? "待定"
            return (
                title,
                BilingualText(
                    zh: "\(order.shopName)已接单。价格：\(price)。时间：\(time)。",
                    en: "\(order.shopName) accepted. Price: \(price). Time: \(time).")
            )
        case .declined:
            return (
                title,
                BilingualText(
                    zh: "\(order.shopName)没接单：\(order.declineReason)。您可以找别家。",
                    en: "\(order.shopName) declined: \(order.declineReason). Try another shop.")
            )
        case .completed, .placed, .cancelled:
            return (title, BilingualText(zh: order.shopName, en: order.shopName))
        }
    }
}
