internal import Contract
internal import Dialogue
internal import Kernel
internal import RPC

// From the contract's messages to what the screens show.

extension Instant {
    /// A time that is missing or no time at all is shown as the epoch rather than failing a whole screen.
    static func at(_ time: GoogleProtobuf.Timestamp?) -> Instant { time?.instant ?? Instant(milliseconds: 0) }
}

extension Text {
    init(_ text: PlatformV1.Text?) { self.init(text?.zh ?? "", text?.en ?? "") }
}

extension PlaceNode {
    init(_ place: PlatformV1.Organization) {
        let isPlace: Bool =
            switch place.level {
            case .community, .grid1, .grid2, .grid3: true
            default: false
            }
        self.init(
            id: place.name, name: place.displayName,
            path: place.pathText.isEmpty ? place.displayName : place.pathText,
            hasChildren: place.childCount > 0, canBeChosen: isPlace)
    }
}

extension ReportCategory {
    init(_ category: ResidentServicesV1.ReportCategory) {
        self.init(
            id: category.id, label: Text(category.label), hint: Text(category.hint),
            keywords: category.keywords,
            stopQuestion: Text(category.stopQuestion), stopAdvice: Text(category.stopAdvice),
            stopPhone: category.stopPhone)
    }
}

extension ReportView {
    init(_ report: ResidentServicesV1.Report) {
        let place = [report.gridText, report.place].filter { !$0.isEmpty }.joined(separator: "，")
        self.init(
            number: report.number, category: Text(report.categoryText), description: report.description,
            place: place,
            state: Text(report.stateText), nextOwner: Text(report.nextOwner),
            clock: report.deadline.flatMap(Clock.init),
            events: report.events.map { Event(time: .at($0.time), text: Text($0.text), note: $0.note) },
            result: report.result, rating: Int(report.rating), canRate: report.canRate,
            canReopen: report.canReopen,
            reopenUntil: report.reopenUntil?.instant, createdAt: .at(report.createTime),
            photoCount: report.photos.count, responsibleBody: report.responsibleBody)
    }
}

extension ReportView.Clock {
    /// Nil where there is no deadline.
    init?(_ deadline: PlatformV1.Deadline) {
        guard let due = deadline.dueTime?.instant else { return nil }
        let card: Card =
            switch deadline.card {
            case .red: .red
            case .yellow: .yellow
            default: .green
            }
        self.init(
            due: due, remainingWorkingMinutes: Int(deadline.remainingWorkingMinutes), card: card,
            isPaused: deadline.paused, pauseReason: deadline.pauseReason, isProvisional: deadline.provisional)
    }
}

extension InboxView {
    init(_ message: PlatformV1.InboxMessage) {
        self.init(
            name: message.name, title: Text(message.title), body: Text(message.body),
            subject: Self.subject(message.subject), createdAt: .at(message.createTime),
            isRead: message.readTime != nil)
    }

    /// What of a resource name can be opened here; nil for the rest.
    private static func subject(_ name: String) -> Subject? {
        let parts: [Substring] = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return switch parts[0] {
        case "reports", "cases": .report(number: spaced(String(parts[1])))
        case "applications": .application(name: name)
        case "certificates": .certificate(name: name)
        default: nil
        }
    }

    /// A number as people read it; what is no number of ours stays as it is.
    private static func spaced(_ number: String) -> String {
        do { return try CheckedNumber(parsing: number, kind: .caseNumber).spaced } catch { return number }
    }
}

extension PointsView {
    init(_ account: CommunityLifeV1.PointsAccount) {
        self.init(
            balance: account.balance, expiring: account.expiringPoints,
            expiringAt: account.expiringTime?.instant)
    }
}

extension PointEntryView {
    init(_ entry: CommunityLifeV1.PointsEntry) {
        self.init(
            points: entry.points, balanceAfter: entry.balanceAfter, reason: Text(entry.reason),
            at: .at(entry.createTime))
    }
}

extension PointRuleView {
    init(_ rule: CommunityLifeV1.PointsRule) {
        self.init(label: Text(rule.label), points: rule.points, monthlyCap: rule.monthlyCap)
    }
}

extension OfferView {
    init(_ offer: CommunityLifeV1.Offer) {
        self.init(
            name: offer.name, label: Text(offer.label), partner: offer.partner, points: offer.points,
            leftThisMonth: Int(offer.leftThisMonth))
    }
}

extension RedemptionView {
    init(_ redemption: CommunityLifeV1.Redemption) {
        let state: State =
            switch redemption.state {
            case .confirmed: .confirmed
            case .expired: .expired
            default: .open
            }
        self.init(
            label: Text(redemption.label), partner: redemption.partner, points: redemption.points,
            code: redemption.code, state: state, expiresAt: redemption.expireTime?.instant)
    }
}

extension TradeView {
    init(_ trade: LifeCircleV1.Trade) { self.init(id: trade.id, label: Text(trade.label)) }
}

extension ShopView {
    init(_ shop: LifeCircleV1.Shop) {
        self.init(
            name: shop.name, displayName: shop.displayName, address: shop.address, phone: shop.phone,
            walkMinutes: Int(shop.walkMinutes), distanceMetres: Int(shop.distanceMetres),
            openingHours: shop.openingHours,
            offers: shop.offers.map {
                Offer(id: $0.id, label: $0.label, priceFen: $0.priceFen, unit: $0.unit)
            },
            takesOrders: shop.takesOrders)
    }
}

extension OrderView {
    init(_ order: LifeCircleV1.Order) {
        self.init(
            name: order.name, number: order.number, shop: order.shopText, state: Text(order.stateText),
            note: order.note, address: order.address, priceFen: order.priceFen,
            appointment: order.appointmentTime?.instant, declineReason: order.declineReason,
            canCancel: order.state == .placed, createdAt: .at(order.createTime))
    }
}

/// The menus as the server hands them out.
extension MenuBook {
    /// The id that stands for the top; entries there have no parent.
    static let top = ""

    /// Entries whose action this program does not know are left out: an older program stays usable.
    init(_ menu: PlatformV1.Menu, title: Text) {
        var menus: [Menu] = []
        for parent in [Self.top] + menu.entries.filter(\.action.isEmpty).map(\.id) {
            let entries = menu.entries.enumerated().compactMap { number, entry -> MenuEntry? in
                guard entry.parent == parent, let target = Self.target(of: entry) else { return nil }
                return MenuEntry(
                    number: number, label: Text(entry.label), keywords: entry.keywords, topics: entry.topics,
                    target: target)
            }
            let label = menu.entries.first { $0.id == parent }?.label
            menus.append(Menu(id: parent, title: parent == Self.top ? title : Text(label), entries: entries))
        }
        self.init(root: Self.top, menus: menus)
    }

    private static func target(of entry: PlatformV1.MenuEntry) -> MenuEntry.Target? {
        guard !entry.action.isEmpty else { return .menu(entry.id) }
        let parts = entry.action.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0] == "flow", Flow.all.contains(String(parts[1])) else { return nil }
        return .flow(String(parts[1]))
    }
}
