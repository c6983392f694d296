import Kernel

/// States of an order; the raw value is what the store keeps.
enum OrderState: Int, Sendable {
    case placed = 1
    case accepted = 2
    case declined = 3
    case cancelled = 4
    case completed = 5

    /// While the shop comes to the resident, it needs to know where and whom to call; before and after it does not.
    var showsContactToShop: Bool { self == .accepted }
    var isOver: Bool { self == .declined || self == .cancelled || self == .completed }
}

/// What can be done to an order, and by whom.
enum OrderAction: String, Sendable {
    case cancel, accept, decline, complete

    /// The one state from which it goes, and where to.
    var transition: (from: OrderState, to: OrderState) {
        switch self {
        case .cancel: (.placed, .cancelled)
        case .accept: (.placed, .accepted)
        case .decline: (.placed, .declined)
        case .complete: (.accepted, .completed)
        }
    }
}

/// An order, with the protected fields in the clear: it never leaves the module like this.
struct Order: Sendable, Equatable {
    static let number: CheckedNumber.Kind = CheckedNumber.Kind(prefix: "DD", zh: "订单号", en: "order number")

    var number: String
    var shopID: String
    var shopName: String
    var resident: String
    var state: OrderState
    var offer: String
    var note: String
    var address: String
    var phone: String
    var priceFen: Int64
    var appointment: Instant?
    var declineReason: String
    var createTime: Instant
    var updateTime: Instant
    var version: Int64
}

enum OrderRules {
    static let noteRule: TextRule = TextRule(0...500, multiline: true)
    static let addressRule: TextRule = TextRule(2...200)
    static let reasonRule: TextRule = TextRule(2...200)
    static let optionalReasonRule: TextRule = TextRule(0...200)
    /// Orders that one resident may have waiting at one time: more is a mistake or mischief.
    static let openOrdersMax: Int = 20
    /// 1,000,000 yuan; a larger price is a slip of the finger.
    static let priceFenMax: Int64 = 100_000_000
    /// An appointment lies at most this far ahead.
    static let appointmentDaysMax: Int64 = 60

    /// Whether something can be ordered here, and what it is.
    static func check(shop: Shop, offer: String, note: String) throws(Refusal) {
        guard shop.takesOrders else { throw OrderTexts.takesNoOrders(shop) }
        if offer.isEmpty {
            guard !note.isEmpty else { throw OrderTexts.nothingOrdered }
        } else if !shop.offers.contains(where: { $0.id == offer }) {
            throw OrderTexts.offerUnknown(shop)
        }
    }

    /// The state after the action, or why it cannot be.
    static func next(_ state: OrderState, _ action: OrderAction) throws(Refusal) -> OrderState {
        let (from, to): (OrderState, OrderState) = action.transition
        guard state == from else { throw OrderTexts.wrongState(state, action) }
        return to
    }

    /// The price that counts: what the shop names, else the offer's.
    static func price(named: Int64, offer: ShopOffer?) throws(Refusal) -> Int64 {
        guard (0...priceFenMax).contains(named) else { throw OrderTexts.priceRange }
        return named > 0 ? named : offer?.priceFen ?? 0
    }

    static func check(appointment: Instant?, now: Instant) throws(Refusal) {
        guard let appointment else { return }
        guard appointment >= now, appointment <= now.adding(days: appointmentDaysMax) else {
            throw OrderTexts.appointmentRange
        }
    }
}
