import Contract
import Kernel
import Platform
import RPC
import Storage

/// `OrderService`: residents order, shops (vendors by certificate) answer.
struct OrderDesk: LifeCircleV1.OrderService {
    private typealias Methods = LifeCircleV1.OrderServiceMethods

    let platform: Platform
    let messages: any OrderMessages
    private var residents: Residents { Residents(keyring: platform.keyring) }
    private var store: OrderStore { OrderStore(keyring: platform.keyring) }

    init(platform: Platform, messages: any OrderMessages) {
        self.platform = platform
        self.messages = messages
    }

    static let access: [AccessRule] = [
        AccessRule(Methods.createOrder, .resident(level: 1)),
        AccessRule(Methods.getOrder, .resident(level: 1), .vendor),
        AccessRule(Methods.listOrders, .resident(level: 1), .vendor),
        AccessRule(Methods.cancelOrder, .resident(level: 1)),
        AccessRule(Methods.acceptOrder, .vendor),
        AccessRule(Methods.declineOrder, .vendor),
        AccessRule(Methods.completeOrder, .vendor),
        AccessRule(Methods.watchOrders, .vendor),
    ]

    private static let placed: String = "order.placed"
    private static func eventType(_ state: OrderState) -> String { "order.\(state)" }
    /// What a watcher is woken by.
    private static let eventTypes: Set<String> = [
        placed, "order.accepted", "order.declined", "order.cancelled", "order.completed",
    ]
    /// Changes that a watch reads at a time.
    private static let watchBatch: Int = 100

    func createOrder(_ request: LifeCircleV1.CreateOrderRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.Order
    {
        let shopID: String = try ShopTexts.id(ofShop: request.shop, field: "shop")
        let note: String = try OrderRules.noteRule.apply(request.note, field: "note")
        let address: String = try OrderRules.addressRule.apply(request.address, field: "address")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "order.create"
        ) { unit in
            guard let shop: Shop = try ShopStore.find(unit.connection, id: shopID) else {
                throw ShopTexts.notFound
            }
            try OrderRules.check(shop: shop, offer: request.offer, note: note)
            guard
                try store.openOrders(unit.connection, resident: unit.principal.name)
                    < OrderRules.openOrdersMax
            else { throw OrderTexts.tooManyOpen }
            let order: Order = Order(
                number: try store.nextNumber(unit), shopID: shop.id, shopName: shop.name,
                resident: unit.principal.name, state: .placed, offer: request.offer, note: note,
                address: address,
                phone: try residents.reveal(unit.connection, id: unit.principal.id, .phone) ?? "",
                priceFen: shop.offers.first { $0.id == request.offer }?.priceFen ?? 0, appointment: nil,
                declineReason: "", createTime: unit.now, updateTime: unit.now, version: 1)
            try store.insert(order, unit)
            publish(order, unit)
            return order.message(for: unit.principal)
        }
    }

    func getOrder(_ request: LifeCircleV1.GetOrderRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.Order
    {
        let number: String = try Self.number(request.name)
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            try own(number, principal, context.connection).message(for: principal)
        }
    }

    func listOrders(_ request: LifeCircleV1.ListOrdersRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.ListOrdersResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let state: OrderState? = OrderState(rawValue: Int(request.state.rawValue))
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [String(request.state.rawValue)])
        let owner: OrderStore.Owner =
            principal.kind == .vendor ? .shop(principal.id) : .resident(principal.name)
        return try await platform.read(call) { context in
            let rows: [Order] = try store.list(
                context.connection, owner, state: state, before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.number] }
            return LifeCircleV1.ListOrdersResponse(
                orders: page.rows.map { $0.message(for: principal) }, nextPageToken: page.nextPageToken)
        }
    }

    func cancelOrder(_ request: LifeCircleV1.CancelOrderRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.Order
    {
        let reason: String = try OrderRules.optionalReasonRule.apply(request.reason, field: "reason")
        return try await act(.cancel, request, name: request.name, requestID: request.requestID, call) {
            order, _ in
            order.declineReason = reason
        }
    }

    func acceptOrder(_ request: LifeCircleV1.AcceptOrderRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.Order
    {
        let appointment: Instant? = try request.appointmentTime.map {
            try $0.instant(field: "appointment_time")
        }
        return try await act(.accept, request, name: request.name, requestID: request.requestID, call) {
            order, unit in
            let shop: Shop? = try ShopStore.find(unit.connection, id: order.shopID)
            let offer: ShopOffer? = shop?.offers.first { $0.id == order.offer }
            order.priceFen = try OrderRules.price(named: request.priceFen, offer: offer)
            try OrderRules.check(appointment: appointment, now: unit.now)
            order.appointment = appointment
        }
    }

    func declineOrder(_ request: LifeCircleV1.DeclineOrderRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.Order
    {
        let reason: String = try OrderRules.reasonRule.apply(request.reason, field: "reason")
        return try await act(.decline, request, name: request.name, requestID: request.requestID, call) {
            order, _ in
            order.declineReason = reason
        }
    }

    func completeOrder(_ request: LifeCircleV1.CompleteOrderRequest, _ call: ServerCall) async throws
        -> LifeCircleV1.Order
    {
        try await act(.complete, request, name: request.name, requestID: request.requestID, call) { _, _ in }
    }

    func watchOrders(
        _ request: LifeCircleV1.WatchOrdersRequest, _ call: ServerCall,
        _ responses: ResponseWriter<LifeCircleV1.OrderUpdate>
    ) async throws {
        let principal: Principal = try call.requirePrincipal()
        let wakes: AsyncStream<EventFeed.Wake> = try platform.events.subscribe(types: Self.eventTypes)
        var position: Int64
        if request.resumeToken.isEmpty {
            let (last, waiting): (Int64, [Order]) = try await platform.read(call) { context in
                (
                    try store.lastSequence(context.connection),
                    try store.waiting(context.connection, shop: principal.id)
                )
            }
            position = last
            for order: Order in waiting {
                try await responses.write(Self.update(position, order, principal))
            }
            try await responses.write(LifeCircleV1.OrderUpdate(resumeToken: String(position)))
        } else {
            guard let resumed: Int64 = Int64(request.resumeToken), resumed >= 0 else {
                throw OrderDesk.badToken
            }
            position = resumed
        }
        position = try await sendNew(after: position, principal, call, responses)
        for await wake in wakes {
            let before: Int64 = position
            position = try await sendNew(after: position, principal, call, responses)
            if wake == .heartbeat, position == before {
                try await responses.write(LifeCircleV1.OrderUpdate(resumeToken: String(position)))
            }
        }
    }

    private static let badToken: Refusal = .invalid(
        field: "resume_token", reason: "RESUME_TOKEN_INVALID", zh: "断点标记无效，请从头开始接收。",
        en: "The resume token is not valid. Begin without one.")

    private func sendNew(
        after start: Int64, _ principal: Principal, _ call: ServerCall,
        _ responses: ResponseWriter<LifeCircleV1.OrderUpdate>
    ) async throws -> Int64 {
        var position: Int64 = start
        while true {
            let from: Int64 = position
            let changes: [(sequence: Int64, order: Order)] = try await platform.read(call) { context in
                try store.changes(context.connection, shop: principal.id, after: from, limit: Self.watchBatch)
            }
            for change in changes {
                try await responses.write(Self.update(change.sequence, change.order, principal))
                position = change.sequence
            }
            if changes.count < Self.watchBatch { return position }
        }
    }

    private static func update(_ sequence: Int64, _ order: Order, _ principal: Principal)
        -> LifeCircleV1.OrderUpdate
    {
        LifeCircleV1.OrderUpdate(resumeToken: String(sequence), order: order.message(for: principal))
    }

    /// One verb on an order of the caller's own.
    private func act<Q: Message>(
        _ action: OrderAction, _ request: Q, name: String, requestID: String, _ call: ServerCall,
        _ change: @escaping @Sendable (inout Order, UnitOfWork) throws -> Void
    ) async throws -> LifeCircleV1.Order {
        let number: String = try Self.number(name)
        return try await platform.perform(
            call, request, requestID: requestID, action: "order.\(action.rawValue)"
        ) { unit in
            var order: Order = try own(number, unit.principal, unit.connection)
            order.state = try OrderRules.next(order.state, action)
            try change(&order, unit)
            order.updateTime = unit.now
            try store.update(order, unit)
            order.version += 1
            publish(order, unit)
            if unit.principal.kind == .vendor {
                let text: (title: BilingualText, body: BilingualText) = OrderTexts.message(order)
                try messages.write(
                    to: order.resident, title: text.title, body: text.body, subject: "orders/\(order.number)",
                    unit)
            }
            return order.message(for: unit.principal)
        }
    }

    private func publish(_ order: Order, _ unit: UnitOfWork) {
        let subject: String = "orders/\(order.number)"
        unit.audit(
            subject: subject, details: ["shop": order.shopID, "state": String(describing: order.state)])
        unit.publish(
            DomainEvent(
                type: Self.eventType(order.state), subject: subject,
                payload: ["shop": "shops/\(order.shopID)", "resident": order.resident]))
    }

    /// The order, if it is the caller's: who owns it is what the store says.
    private func own(_ number: String, _ principal: Principal, _ connection: any Connection) throws -> Order {
        guard let order: Order = try store.find(connection, number: number) else { throw OrderTexts.notFound }
        let owns: Bool =
            principal.kind == .vendor ? order.shopID == principal.id : order.resident == principal.name
        guard owns else { throw OrderTexts.notFound }
        return order
    }

    private static func number(_ name: String) throws(Refusal) -> String {
        let typed: Substring = name.hasPrefix("orders/") ? name.dropFirst("orders/".count) : name[...]
        return try CheckedNumber(parsing: String(typed), kind: Order.number).description
    }
}

extension Order {
    /// The order as this caller may see it.
    func message(for principal: Principal) -> LifeCircleV1.Order {
        let whole: Bool = principal.name == resident || state.showsContactToShop
        return LifeCircleV1.Order(
            name: "orders/\(number)", number: number, shop: "shops/\(shopID)", shopText: shopName,
            state: .init(rawValue: Int32(state.rawValue)), stateText: .init(OrderTexts.state(state)),
            offer: offer,
            note: note, address: whole ? address : "", contactPhone: whole ? phone : Masking.phone(phone),
            priceFen: priceFen, appointmentTime: appointment.map { .init($0) }, declineReason: declineReason,
            createTime: .init(createTime), updateTime: .init(updateTime),
            etag: Etag(version: version).description)
    }
}
