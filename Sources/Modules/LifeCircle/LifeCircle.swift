package import Platform
package import RPC
package import Storage

/// The 15-minute life circle 15分钟生活圈: shops within a walk of home, and orders from them.
package final class LifeCircle: Module {
    private let shops: ShopDirectory
    private let orders: OrderDesk

    package init(platform: Platform, messages: any OrderMessages) {
        shops = ShopDirectory(platform: platform)
        orders = OrderDesk(platform: platform, messages: messages)
    }

    package var services: [any Service] { [shops, orders] }

    package static let migrations: [Migration] = [
        Migration(module: "lifecircle", number: 1, name: "shops", sql: ShopStore.schema),
        Migration(module: "lifecircle", number: 2, name: "orders", sql: OrderStore.schema),
    ]

    package static let access: [AccessRule] = ShopDirectory.access + OrderDesk.access
    package static let sealedColumns: [SealedColumns] = [OrderStore.sealedColumns]
}

/// What the module needs of whoever keeps people's messages: the resident hears of each change of an order.
package protocol OrderMessages: Sendable {
    /// Writes a message in the unit's transaction.
    func write(
        to resident: String, title: BilingualText, body: BilingualText, subject: String, _ unit: UnitOfWork)
        throws
}
