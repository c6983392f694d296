package import Platform
package import RPC
package import Storage

/// One stop 一网通办: the catalogue of government services, found by the words that people use.
package struct OneStop: Module {
    private let desk: ItemDesk
    /// Imports of catalogues and definitions, for the composition root.
    package let catalogue: ItemCatalogue

    package init(platform: Platform) {
        catalogue = ItemCatalogue(platform: platform)
        desk = ItemDesk(platform: platform)
    }

    package static let migrations: [Migration] = [
        Migration(module: "onestop", number: 1, name: "items", sql: ItemStore.schema),
        Migration(module: "onestop", number: 2, name: "item revisions", sql: ItemStore.revisionsSchema),
    ]
    package static let access: [AccessRule] = ItemDesk.access

    package var services: [any Service] { [desk] }
}
