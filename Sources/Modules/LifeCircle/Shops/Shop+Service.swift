import Contract
import Kernel
import Platform
import RPC

/// `ShopService`: trades and shops, for everybody who is signed in.
struct ShopDirectory: LifeCircleV1.ShopService {
    let platform: Platform

    static let access: [AccessRule] = [
        AccessRule(LifeCircleV1.ShopServiceMethods.listTrades, .anyone),
        AccessRule(LifeCircleV1.ShopServiceMethods.searchShops, .signedIn),
        AccessRule(LifeCircleV1.ShopServiceMethods.getShop, .signedIn),
    ]

    func listTrades(_ request: LifeCircleV1.ListTradesRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.ListTradesResponse
    {
        LifeCircleV1.ListTradesResponse(
            trades: Trade.all.map { trade in
                LifeCircleV1.Trade(id: trade.id, label: .init(trade.label), basic: trade.basic)
            })
    }

    func searchShops(_ request: LifeCircleV1.SearchShopsRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.SearchShopsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let minutes: Int = try Walk.minutes(requested: request.walkMinutes)
        let query: String = try TextRule(0...ShopSearch.queryCharactersMax).apply(
            request.query, field: "query")
        try ShopTexts.requireTrade(request.trade)
        let point: GeoPoint? = try request.point.map {
            try GeoPoint(latitude: $0.latitude, longitude: $0.longitude, field: "point")
        }
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: [
                request.place, query, request.trade, String(minutes),
                point.map { "\($0.latitude),\($0.longitude)" } ?? "",
            ])
        return try await platform.read(call) { context in
            let centre: GeoPoint = try point ?? Self.centre(of: request.place, principal, context)
            let radius: Double = Walk.radiusMetres(minutes: minutes)
            let cover: GeoCell.Cover = try GeoCell.cover(centre, radiusMetres: radius, field: "walk_minutes")
            var found: [FoundShop] = ShopSearch.select(
                try ShopStore.candidates(context.connection, cover, trade: request.trade), from: centre,
                radiusMetres: radius, query: query)
            if let last = paging.after, let seen = found.firstIndex(where: { $0.shop.id == last[0] }) {
                found.removeSubrange(...seen)
            }
            let page = paging.cut(Array(found.prefix(paging.limit))) { [$0.shop.id] }
            return LifeCircleV1.SearchShopsResponse(
                shops: page.rows.map { $0.shop.message(metres: $0.metres) }, nextPageToken: page.nextPageToken
            )
        }
    }

    func getShop(_ request: LifeCircleV1.GetShopRequest, _ call: ServerCall) async throws -> LifeCircleV1.Shop
    {
        let id: String = try ShopTexts.id(ofShop: request.name)
        return try await platform.read(call) { context in
            guard let shop: Shop = try ShopStore.find(context.connection, id: id) else {
                throw ShopTexts.notFound
            }
            return shop.message(metres: nil)
        }
    }

    /// The middle of the place that was named, or of the nearest place around the caller's home that has one.
    private static func centre(of place: String, _ principal: Principal, _ context: ReadContext) throws
        -> GeoPoint
    {
        let code: String? =
            place.isEmpty ? principal.homeCode : try OrganizationName.code(place, field: "place")
        guard let code else { throw ShopTexts.placeMissing }
        let record: OrganizationRecord = try Organizations.get(context.connection, code)
        if let center: GeoPoint = record.center { return center }
        let above: [OrganizationRecord] = try Organizations.ancestry(context.connection, of: record)
        guard let near: GeoPoint = above.reversed().lazy.compactMap(\.center).first else {
            throw ShopTexts.placeUnknown
        }
        return near
    }
}

extension Shop {
    /// The shop as a message, with the distance from where it was looked for.
    func message(metres: Double?) -> LifeCircleV1.Shop {
        LifeCircleV1.Shop(
            name: "shops/\(id)", displayName: name, trade: trade, address: address, phone: phone,
            point: .init(point),
            distanceMetres: metres.map { Int32($0.rounded()) } ?? 0,
            walkMinutes: metres.map { Int32(Walk.minutes(metres: $0)) } ?? 0, openingHours: openingHours,
            offers: offers.map { offer in
                LifeCircleV1.ShopOffer(
                    id: offer.id, label: offer.label, priceFen: offer.priceFen, unit: offer.unit)
            }, takesOrders: takesOrders, synthetic: synthetic)
    }
}
