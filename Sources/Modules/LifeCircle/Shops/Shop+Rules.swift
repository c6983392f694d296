package import Kernel
package import Platform

/// A shop of the neighbourhood.
package struct Shop: Sendable, Equatable {
    /// 3 to 40 of a-z, 0-9 and hyphen: also the id of the vendor whose certificate serves its orders.
    package var id: String
    package var name: String
    package var trade: String
    package var address: String
    package var phone: String
    package var point: GeoPoint
    package var openingHours: String
    package var takesOrders: Bool
    package var synthetic: Bool
    package var offers: [ShopOffer]

    package init(
        id: String, name: String, trade: String, address: String, phone: String, point: GeoPoint,
        openingHours: String, takesOrders: Bool, synthetic: Bool, offers: [ShopOffer]
    ) {
        self.id = id
        self.name = name
        self.trade = trade
        self.address = address
        self.phone = phone
        self.point = point
        self.openingHours = openingHours
        self.takesOrders = takesOrders
        self.synthetic = synthetic
        self.offers = offers
    }
}

/// Something that a shop offers.
package struct ShopOffer: Sendable, Equatable {
    package var id: String
    package var label: String
    /// 0 if the price is agreed on before work begins.
    package var priceFen: Int64
    package var unit: String

    package init(id: String, label: String, priceFen: Int64, unit: String) {
        self.id = id
        self.label = label
        self.priceFen = priceFen
        self.unit = unit
    }
}

/// A trade of the life circle, by the classes of the national guideline: 基本保障类 and 品质提升类.
package struct Trade: Sendable, Equatable {
    package let id: String
    package let label: BilingualText
    package let basic: Bool

    package static let all: [Trade] = [
        Trade(id: "convenience", label: BilingualText(zh: "便利店", en: "Convenience shop"), basic: true),
        Trade(id: "market", label: BilingualText(zh: "菜市场、超市", en: "Market"), basic: true),
        Trade(id: "breakfast", label: BilingualText(zh: "早餐、餐饮", en: "Meals"), basic: true),
        Trade(id: "repair", label: BilingualText(zh: "维修", en: "Repairs"), basic: true),
        Trade(id: "housekeeping", label: BilingualText(zh: "家政", en: "Housekeeping"), basic: true),
        Trade(id: "laundry", label: BilingualText(zh: "洗染", en: "Laundry"), basic: true),
        Trade(id: "hairdresser", label: BilingualText(zh: "美容美发", en: "Hairdresser"), basic: true),
        Trade(id: "pharmacy", label: BilingualText(zh: "药店", en: "Pharmacy"), basic: true),
        Trade(id: "printing", label: BilingualText(zh: "照相文印", en: "Photos and printing"), basic: true),
        Trade(id: "parcel", label: BilingualText(zh: "快递", en: "Parcels"), basic: true),
        Trade(id: "fitness", label: BilingualText(zh: "健身、文娱", en: "Sports and leisure"), basic: false),
        Trade(id: "education", label: BilingualText(zh: "托育、培训", en: "Childcare and courses"), basic: false),
    ]
}

/// How far people walk.
package enum Walk {
    /// Metres that an older person walks in a minute.
    package static let metresPerMinute: Double = 70
    /// Streets are longer than the straight line by this factor.
    package static let detour: Double = 1.3
    /// Minutes that may be asked for.
    package static let minutes: ClosedRange<Int32> = 1...60
    /// What "near" means when nothing else is said.
    package static let standardMinutes: Int32 = 15

    /// Minutes to walk a straight distance, rounded up, at least 1.
    package static func minutes(metres: Double) -> Int {
        max(1, Int((metres * detour / metresPerMinute).rounded(.up)))
    }

    /// Straight metres that can be walked to in so many minutes.
    package static func radiusMetres(minutes: Int) -> Double { Double(minutes) * metresPerMinute / detour }

    /// The minutes that a request asks for; 0 means 15.
    package static func minutes(requested: Int32) throws(Refusal) -> Int {
        if requested == 0 { return Int(standardMinutes) }
        guard minutes.contains(requested) else {
            throw .invalid(
                field: "walk_minutes", reason: "WALK_MINUTES_RANGE", zh: "步行时间请填 1 到 60 分钟。",
                en: "Ask for 1 to 60 minutes of walking.")
        }
        return Int(requested)
    }
}

/// A shop that was found, with its distance.
struct FoundShop: Sendable, Equatable {
    let shop: Shop
    let metres: Double
}

enum ShopSearch {
    /// Words are at most this long.
    static let queryCharactersMax: Int = 40
    /// Shops that one search looks at, at the most; nearer ones are never lost to farther ones within a cell cover.
    static let candidatesMax: Int = 2_000

    /// Those within the radius whose name or offers hold every word, nearest first. The order is by distance and, at
    /// the same distance, by id: nobody can buy a better place.
    static func select(_ shops: [Shop], from centre: GeoPoint, radiusMetres: Double, query: String)
        -> [FoundShop]
    {
        let words: [String] = query.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        return shops.compactMap { shop -> FoundShop? in
            let metres: Double = centre.metres(to: shop.point)
            guard metres <= radiusMetres, words.allSatisfy({ matches(shop, $0) }) else { return nil }
            return FoundShop(shop: shop, metres: metres)
        }
        .sorted { ($0.metres, $0.shop.id) < ($1.metres, $1.shop.id) }
    }

    private static func matches(_ shop: Shop, _ word: String) -> Bool {
        let trade: Trade? = Trade.all.first { $0.id == shop.trade }
        let texts: [String] =
            [shop.name, trade?.label.zh ?? "", trade?.label.en ?? ""] + shop.offers.map(\.label)
        return texts.contains { $0.lowercased().contains(word) }
    }
}
