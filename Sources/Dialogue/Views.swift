package import Kernel

// What the screens show of the server's answers. The adapter in Client makes them from the contract's messages.

/// A place of the division tree.
package struct PlaceNode: Sendable, Equatable, Codable {
    /// `organizations/{code}`.
    package var id: String
    package var name: String
    /// Names from the top down.
    package var path: String
    package var hasChildren: Bool
    /// True from the community down: a report can be about it.
    package var canBeChosen: Bool

    package init(id: String, name: String, path: String, hasChildren: Bool, canBeChosen: Bool) {
        self.id = id
        self.name = name
        self.path = path
        self.hasChildren = hasChildren
        self.canBeChosen = canBeChosen
    }
}

/// A plain category of reports.
package struct ReportCategory: Sendable, Equatable, Codable {
    package var id: String
    package var label: Text
    package var hint: Text
    package var keywords: [String]
    /// A question about danger; empty if there is none.
    package var stopQuestion: Text
    package var stopAdvice: Text
    package var stopPhone: String

    package init(
        id: String, label: Text, hint: Text = Text(""), keywords: [String] = [],
        stopQuestion: Text = Text(""),
        stopAdvice: Text = Text(""), stopPhone: String = ""
    ) {
        self.id = id
        self.label = label
        self.hint = hint
        self.keywords = keywords
        self.stopQuestion = stopQuestion
        self.stopAdvice = stopAdvice
        self.stopPhone = stopPhone
    }
}

/// A report as its resident sees it.
package struct ReportView: Sendable, Equatable, Codable {
    package struct Event: Sendable, Equatable, Codable {
        package var time: Instant
        package var text: Text
        package var note: String

        package init(time: Instant, text: Text, note: String = "") {
            self.time = time
            self.text = text
            self.note = note
        }
    }
    /// The clock of a report.
    package struct Clock: Sendable, Equatable, Codable {
        package enum Card: String, Sendable, Codable {
            case green
            case yellow
            case red
        }
        package var due: Instant
        /// Negative when overdue.
        package var remainingWorkingMinutes: Int
        package var card: Card
        package var isPaused: Bool
        package var pauseReason: String
        package var isProvisional: Bool

        package init(
            due: Instant, remainingWorkingMinutes: Int, card: Card, isPaused: Bool = false,
            pauseReason: String = "",
            isProvisional: Bool = false
        ) {
            self.due = due
            self.remainingWorkingMinutes = remainingWorkingMinutes
            self.card = card
            self.isPaused = isPaused
            self.pauseReason = pauseReason
            self.isProvisional = isProvisional
        }
    }

    package var number: String
    package var category: Text
    package var description: String
    package var place: String
    package var state: Text
    package var nextOwner: Text
    package var clock: Clock?
    package var events: [Event]
    package var result: String
    /// 1 to 5, 0 before.
    package var rating: Int
    package var canRate: Bool
    package var canReopen: Bool
    package var reopenUntil: Instant?
    package var createdAt: Instant
    package var photoCount: Int
    /// Who is responsible instead, if it was declined.
    package var responsibleBody: String

    package init(
        number: String, category: Text, description: String, place: String, state: Text,
        nextOwner: Text = Text(""),
        clock: Clock? = nil, events: [Event] = [], result: String = "", rating: Int = 0,
        canRate: Bool = false,
        canReopen: Bool = false, reopenUntil: Instant? = nil, createdAt: Instant, photoCount: Int = 0,
        responsibleBody: String = ""
    ) {
        self.number = number
        self.category = category
        self.description = description
        self.place = place
        self.state = state
        self.nextOwner = nextOwner
        self.clock = clock
        self.events = events
        self.result = result
        self.rating = rating
        self.canRate = canRate
        self.canReopen = canReopen
        self.reopenUntil = reopenUntil
        self.createdAt = createdAt
        self.photoCount = photoCount
        self.responsibleBody = responsibleBody
    }
}

/// A message to the person.
package struct InboxView: Sendable, Equatable, Codable {
    /// What a message is about, if the person can open it here.
    package enum Subject: Sendable, Equatable, Codable {
        case report(number: String)
        case application(name: String)
        case certificate(name: String)
    }

    package var name: String
    package var title: Text
    package var body: Text
    package var subject: Subject?
    package var createdAt: Instant
    package var isRead: Bool

    package init(
        name: String, title: Text, body: Text, subject: Subject? = nil, createdAt: Instant, isRead: Bool
    ) {
        self.name = name
        self.title = title
        self.body = body
        self.subject = subject
        self.createdAt = createdAt
        self.isRead = isRead
    }
}

/// A balance of points.
package struct PointsView: Sendable, Equatable, Codable {
    package var balance: Int64
    package var expiring: Int64
    package var expiringAt: Instant?

    package init(balance: Int64, expiring: Int64 = 0, expiringAt: Instant? = nil) {
        self.balance = balance
        self.expiring = expiring
        self.expiringAt = expiringAt
    }
}

/// One entry of a points account.
package struct PointEntryView: Sendable, Equatable, Codable {
    package var points: Int64
    package var balanceAfter: Int64
    package var reason: Text
    package var at: Instant

    package init(points: Int64, balanceAfter: Int64, reason: Text, at: Instant) {
        self.points = points
        self.balanceAfter = balanceAfter
        self.reason = reason
        self.at = at
    }
}

/// A published rule.
package struct PointRuleView: Sendable, Equatable, Codable {
    package var label: Text
    package var points: Int64
    /// 0 for no cap.
    package var monthlyCap: Int64

    package init(label: Text, points: Int64, monthlyCap: Int64) {
        self.label = label
        self.points = points
        self.monthlyCap = monthlyCap
    }
}

/// Something that points buy.
package struct OfferView: Sendable, Equatable, Codable {
    package var name: String
    package var label: Text
    package var partner: String
    package var points: Int64
    /// -1 for no limit.
    package var leftThisMonth: Int

    package init(name: String, label: Text, partner: String, points: Int64, leftThisMonth: Int) {
        self.name = name
        self.label = label
        self.partner = partner
        self.points = points
        self.leftThisMonth = leftThisMonth
    }
}

/// A redemption with its one-time code.
package struct RedemptionView: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable {
        case open
        case confirmed
        case expired
    }
    package var label: Text
    package var partner: String
    package var points: Int64
    /// Empty unless open.
    package var code: String
    package var state: State
    package var expiresAt: Instant?

    package init(label: Text, partner: String, points: Int64, code: String, state: State, expiresAt: Instant?)
    {
        self.label = label
        self.partner = partner
        self.points = points
        self.code = code
        self.state = state
        self.expiresAt = expiresAt
    }
}

/// A trade of shops.
package struct TradeView: Sendable, Equatable, Codable {
    package var id: String
    package var label: Text

    package init(id: String, label: Text) {
        self.id = id
        self.label = label
    }
}

/// A shop.
package struct ShopView: Sendable, Equatable, Codable {
    package struct Offer: Sendable, Equatable, Codable {
        package var id: String
        package var label: String
        /// In fen; 0 if it is agreed on before work begins.
        package var priceFen: Int64
        package var unit: String

        package init(id: String, label: String, priceFen: Int64, unit: String) {
            self.id = id
            self.label = label
            self.priceFen = priceFen
            self.unit = unit
        }
    }
    package var name: String
    package var displayName: String
    package var address: String
    package var phone: String
    package var walkMinutes: Int
    package var distanceMetres: Int
    package var openingHours: String
    package var offers: [Offer]
    package var takesOrders: Bool

    package init(
        name: String, displayName: String, address: String, phone: String, walkMinutes: Int,
        distanceMetres: Int,
        openingHours: String, offers: [Offer], takesOrders: Bool
    ) {
        self.name = name
        self.displayName = displayName
        self.address = address
        self.phone = phone
        self.walkMinutes = walkMinutes
        self.distanceMetres = distanceMetres
        self.openingHours = openingHours
        self.offers = offers
        self.takesOrders = takesOrders
    }
}

/// An order.
package struct OrderView: Sendable, Equatable, Codable {
    package var name: String
    package var number: String
    package var shop: String
    package var state: Text
    package var note: String
    package var address: String
    /// 0 before the shop named one.
    package var priceFen: Int64
    package var appointment: Instant?
    package var declineReason: String
    package var canCancel: Bool
    package var createdAt: Instant

    package init(
        name: String, number: String, shop: String, state: Text, note: String, address: String = "",
        priceFen: Int64 = 0, appointment: Instant? = nil, declineReason: String = "", canCancel: Bool = false,
        createdAt: Instant
    ) {
        self.name = name
        self.number = number
        self.shop = shop
        self.state = state
        self.note = note
        self.address = address
        self.priceFen = priceFen
        self.appointment = appointment
        self.declineReason = declineReason
        self.canCancel = canCancel
        self.createdAt = createdAt
    }
}
