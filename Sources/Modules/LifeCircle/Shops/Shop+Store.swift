import Kernel
package import Platform
import Storage

/// All SQL about shops.
package enum ShopStore {
    static let schema: String = """
        CREATE TABLE lifecircle_shops (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            trade TEXT NOT NULL,
            address TEXT NOT NULL,
            phone TEXT NOT NULL,
            latitude REAL NOT NULL,
            longitude REAL NOT NULL,
            cell INTEGER NOT NULL,
            opening_hours TEXT NOT NULL,
            takes_orders INTEGER NOT NULL CHECK (takes_orders IN (0, 1)),
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1))
        ) STRICT;
        CREATE INDEX lifecircle_shops_cell ON lifecircle_shops (cell);

        CREATE TABLE lifecircle_shop_offers (
            shop_id TEXT NOT NULL REFERENCES lifecircle_shops (id),
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            label TEXT NOT NULL,
            price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
            unit TEXT NOT NULL,
            PRIMARY KEY (shop_id, id)
        ) STRICT;
        """

    private static let columns: String =
        "id, name, trade, address, phone, latitude, longitude, opening_hours, takes_orders, synthetic"

    private static func shop(_ row: Row) -> Shop {
        Shop(
            id: row.text(0), name: row.text(1), trade: row.text(2), address: row.text(3), phone: row.text(4),
            point: GeoPoint(storedLatitude: row.real(5), storedLongitude: row.real(6)),
            openingHours: row.text(7), takesOrders: row.bool(8), synthetic: row.bool(9), offers: [])
    }

    /// Adds a shop with its offers, as the composition root and imports do.
    package static func insert(_ shop: Shop, _ unit: UnitOfWork) throws {
        _ = try unit.connection.execute(
            """
            INSERT INTO lifecircle_shops (\(columns), cell)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            .text(shop.id), .text(shop.name), .text(shop.trade), .text(shop.address), .text(shop.phone),
            .real(shop.point.latitude), .real(shop.point.longitude), .text(shop.openingHours),
            SQLValue(shop.takesOrders), SQLValue(shop.synthetic), .integer(GeoCell.id(of: shop.point)))
        for (position, offer) in shop.offers.enumerated() {
            _ = try unit.connection.execute(
                """
                INSERT INTO lifecircle_shop_offers (shop_id, id, position, label, price_fen, unit)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                .text(shop.id), .text(offer.id), SQLValue(position), .text(offer.label),
                .integer(offer.priceFen),
                .text(offer.unit))
        }
        unit.audit(action: "shop.create", subject: "shops/\(shop.id)", details: ["trade": shop.trade])
    }

    static func find(_ connection: any Connection, id: String) throws -> Shop? {
        try connection.first("SELECT \(columns) FROM lifecircle_shops WHERE id = $1", .text(id), row: shop)
            .map { try withOffers(connection, $0) }
    }

    /// Shops in the cells and bounds of a cover, of one trade if it is not empty.
    static func candidates(_ connection: any Connection, _ cover: GeoCell.Cover, trade: String) throws
        -> [Shop]
    {
        var values: [SQLValue] = [
            .real(cover.latitudes.lowerBound), .real(cover.latitudes.upperBound),
            .real(cover.longitudes.lowerBound), .real(cover.longitudes.upperBound), .text(trade),
            SQLValue(ShopSearch.candidatesMax),
        ]
        let cells: [String] = cover.cells.map { cell in
            values.append(.integer(cell))
            return "$\(values.count)"
        }
        let shops: [Shop] = try connection.query(
            """
            SELECT \(columns) FROM lifecircle_shops
            WHERE cell IN (\(cells.joined(separator: ", "))) AND latitude BETWEEN $1 AND $2
              AND longitude BETWEEN $3 AND $4 AND ($5 = '' OR trade = $5)
            ORDER BY id LIMIT $6
            """, values: values, row: shop)
        return try shops.map { try withOffers(connection, $0) }
    }

    private static func withOffers(_ connection: any Connection, _ shop: Shop) throws -> Shop {
        var whole: Shop = shop
        whole.offers = try connection.query(
            "SELECT id, label, price_fen, unit FROM lifecircle_shop_offers WHERE shop_id = $1 ORDER BY position",
            .text(shop.id)
        ) { row in
            ShopOffer(id: row.text(0), label: row.text(1), priceFen: row.integer(2), unit: row.text(3))
        }
        return whole
    }
}
