/// What a conversation may ask of the server or of the machine it runs on. A request can be sent again: what changes
/// something carries the request id that makes the second time harmless.
package indirect enum Request: Sendable, Equatable, Codable {
    case sendCode(phone: String, purpose: CodePurpose)
    case signIn(phone: String, code: String, password: String)
    case register(phone: String, code: String, name: String, password: String, requestID: String)
    case signOut

    case reportCategories(words: String)
    /// The children of a place; nil for the top.
    case places(below: PlaceNode?)
    case findPlaces(words: String)
    /// Looks at a file on this machine; answered by `.photo`.
    case inspectPhoto(path: String)
    case createReport(NewReport, requestID: String)

    case report(number: String)
    case reports(page: String)
    case rateReport(number: String, rating: Int, comment: String, requestID: String)
    case reopenReport(number: String, reason: String, requestID: String)

    case inbox(page: String)
    case markRead(names: [String], requestID: String)

    case points
    case pointEntries(page: String)
    case pointRules
    case offers
    case redeem(offer: String, requestID: String)
    case redemptions(page: String)

    case trades(words: String)
    case shops(ShopQuery)
    /// The walk is known from the search that found the shop.
    case shop(name: String, walkMinutes: Int, distanceMetres: Int)
    case order(NewOrder, requestID: String)
    case orders(page: String)
    case orderDetail(name: String)
    case cancelOrder(name: String, requestID: String)

    case findServices(words: String)
    case service(name: String)
    case oneStop(OneStopRequest)

    package enum CodePurpose: String, Sendable, Codable {
        case signIn
        case register
        case verifyIdentity
    }

    /// Requests with a password or a code in them are never written to a draft.
    var holdsSecret: Bool {
        switch self {
        case .signIn, .register, .oneStop(.verifyIdentity): true
        default: false
        }
    }
}

/// A report as the resident filled it in.
package struct NewReport: Sendable, Equatable, Codable {
    package var category: String
    package var description: String
    /// Id of the community or grid.
    package var place: String
    /// Where exactly, in words.
    package var spot: String
    /// A file on this machine; empty for none.
    package var photoPath: String

    package init(category: String, description: String, place: String, spot: String, photoPath: String) {
        self.category = category
        self.description = description
        self.place = place
        self.spot = spot
        self.photoPath = photoPath
    }
}

/// Shops within a walk.
package struct ShopQuery: Sendable, Equatable, Codable {
    /// From the middle of this place; empty for the caller's home.
    package var place: String
    package var trade: String
    package var words: String
    package var page: String

    package init(place: String, trade: String, words: String, page: String) {
        self.place = place
        self.trade = trade
        self.words = words
        self.page = page
    }
}

/// An order as the resident filled it in.
package struct NewOrder: Sendable, Equatable, Codable {
    package var shop: String
    package var offer: String
    package var note: String
    package var address: String

    package init(shop: String, offer: String, note: String, address: String) {
        self.shop = shop
        self.offer = offer
        self.note = note
        self.address = address
    }
}

/// The answer to a request.
package indirect enum Response: Sendable, Equatable, Codable {
    /// A code is on its way, or so it looks.
    case codeSent(lifetimeSeconds: Int)
    case signedIn(Person)
    case signedOut
    case reportCategories([ReportCategory], words: String)
    case places([PlaceNode])
    case photo(path: String, sizeBytes: Int64)
    case reportCreated(ReportView)
    case report(ReportView)
    case reports([ReportView], next: String)
    case reportRated(ReportView)
    case reportReopened(ReportView)
    case inbox([InboxView], unread: Int, next: String)
    case marked
    case points(PointsView)
    case pointEntries([PointEntryView], next: String)
    case pointRules([PointRuleView], expiryMonths: Int)
    case offers([OfferView], balance: Int64)
    case redeemed(RedemptionView)
    case redemptions([RedemptionView], next: String)
    case trades([TradeView], words: String)
    case shops([ShopView], next: String)
    case shop(ShopView)
    case ordered(OrderView)
    case orders([OrderView], next: String)
    case orderDetail(OrderView)
    case orderCancelled(OrderView)
    case services([ServiceView], words: String)
    case service(ServiceView)
    case oneStop(OneStopResponse)
}

/// Why a request did not succeed, ready to be said.
package struct Failure: Error, Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// The line is broken; the request is kept and sent again.
        case connectionLost
        /// Nobody is signed in, or no longer.
        case unauthenticated
        /// The rules or the data said no; the text says why and what to do.
        case refused
        /// Too many at once: try again in a while.
        case busy
    }

    package var kind: Kind
    /// UPPER_SNAKE, as the server gave it; empty if there is none.
    package var reason: String
    /// In the person's language, with what to do next.
    package var text: String
    /// What is wrong with single answers, by the id of the question.
    package var fields: [String: String]
    /// Identity level that is needed, for `IDENTITY_LEVEL_TOO_LOW`.
    package var requiredLevel: Int

    package init(
        kind: Kind, reason: String = "", text: String, fields: [String: String] = [:], requiredLevel: Int = 2
    ) {
        self.kind = kind
        self.reason = reason
        self.text = text
        self.fields = fields
        self.requiredLevel = requiredLevel
    }
}

/// A watched report has changed.
package struct CaseChange: Sendable, Equatable {
    package var report: ReportView

    package init(report: ReportView) {
        self.report = report
    }
}
