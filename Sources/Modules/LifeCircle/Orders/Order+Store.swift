import Kernel
import Platform
import Storage

/// All SQL about orders. Address and phone are sealed; the number of the day comes from a counter row.
struct OrderStore {
    static let schema: String = """
        CREATE TABLE lifecircle_orders (
            number TEXT PRIMARY KEY NOT NULL,
            shop_id TEXT NOT NULL REFERENCES lifecircle_shops (id),
            resident TEXT NOT NULL,
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
            offer TEXT NOT NULL,
            note TEXT NOT NULL,
            address BLOB NOT NULL,
            phone BLOB NOT NULL,
            price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
            appointment_time INTEGER,
            decline_reason TEXT NOT NULL,
            create_time INTEGER NOT NULL,
            update_time INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX lifecircle_orders_resident ON lifecircle_orders (resident, number);
        CREATE INDEX lifecircle_orders_shop ON lifecircle_orders (shop_id, number);

        CREATE TABLE lifecircle_order_changes (
            sequence INTEGER PRIMARY KEY,
            number TEXT NOT NULL REFERENCES lifecircle_orders (number),
            shop_id TEXT NOT NULL,
            state INTEGER NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX lifecircle_order_changes_shop ON lifecircle_order_changes (shop_id, sequence);

        CREATE TABLE lifecircle_order_counters (
            day TEXT PRIMARY KEY NOT NULL,
            last INTEGER NOT NULL
        ) STRICT;
        """

    private static let columns: String = """
        number, shop_id, resident, state, offer, note, address, phone, price_fen, appointment_time, decline_reason,
        create_time, update_time, version,
        (SELECT name FROM lifecircle_shops WHERE id = shop_id)
        """
    static let sealedColumns: SealedColumns = SealedColumns(
        "lifecircle_orders", key: "number", "address", "phone")
    private static func addressContext(_ number: String) -> String { "lifecircle_orders.address/\(number)" }
    private static func phoneContext(_ number: String) -> String { "lifecircle_orders.phone/\(number)" }

    let keyring: Keyring

    private func order(_ row: Row) throws -> Order {
        guard let state: OrderState = OrderState(rawValue: row.int(3)) else {
            preconditionFailure("the schema lets no other state in")
        }
        return Order(
            number: row.text(0), shopID: row.text(1), shopName: row.text(14), resident: row.text(2),
            state: state,
            offer: row.text(4), note: row.text(5),
            address: try keyring.open(row.blob(6), context: Self.addressContext(row.text(0))),
            phone: try keyring.open(row.blob(7), context: Self.phoneContext(row.text(0))),
            priceFen: row.integer(8),
            appointment: row.instantOrNil(9), declineReason: row.text(10), createTime: row.instant(11),
            updateTime: row.instant(12), version: row.integer(13))
    }

    /// The next number of the day.
    func nextNumber(_ unit: UnitOfWork) throws -> String {
        let day: CivilDate = unit.now.shanghaiDate
        let last: Int =
            try unit.connection.first(
                """
                INSERT INTO lifecircle_order_counters (day, last) VALUES ($1, 1)
                ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last
                """, .text(day.description)
            ) { $0.int(0) } ?? 1
        return CheckedNumber(kind: Order.number, date: day, sequence: last).description
    }

    func insert(_ order: Order, _ unit: UnitOfWork) throws {
        _ = try unit.connection.execute(
            """
            INSERT INTO lifecircle_orders (number, shop_id, resident, state, offer, note, address, phone, price_fen,
                appointment_time, decline_reason, create_time, update_time, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '', $10, $10, 1)
            """,
            .text(order.number), .text(order.shopID), .text(order.resident), SQLValue(order.state.rawValue),
            .text(order.offer), .text(order.note),
            .blob(try keyring.seal(order.address, context: Self.addressContext(order.number))),
            .blob(try keyring.seal(order.phone, context: Self.phoneContext(order.number))),
            .integer(order.priceFen),
            SQLValue(unit.now))
        try recordChange(order, unit)
    }

    /// Writes the new state, guarded by the version that was read.
    func update(_ order: Order, _ unit: UnitOfWork) throws {
        let changed: Int = try unit.connection.execute(
            """
            UPDATE lifecircle_orders
            SET state = $1, price_fen = $2, appointment_time = $3, decline_reason = $4, update_time = $5,
                version = version + 1
            WHERE number = $6 AND version = $7
            """,
            SQLValue(order.state.rawValue), .integer(order.priceFen), SQLValue(order.appointment),
            .text(order.declineReason), SQLValue(unit.now), .text(order.number), .integer(order.version))
        guard changed == 1 else { throw Refusal.conflict() }
        try recordChange(order, unit)
    }

    private func recordChange(_ order: Order, _ unit: UnitOfWork) throws {
        _ = try unit.connection.execute(
            "INSERT INTO lifecircle_order_changes (number, shop_id, state, time) VALUES ($1, $2, $3, $4)",
            .text(order.number), .text(order.shopID), SQLValue(order.state.rawValue), SQLValue(unit.now))
    }

    func find(_ connection: any Connection, number: String) throws -> Order? {
        try connection.first(
            "SELECT \(Self.columns) FROM lifecircle_orders WHERE number = $1", .text(number), row: order)
    }

    func openOrders(_ connection: any Connection, resident: String) throws -> Int {
        try connection.first(
            "SELECT count(*) FROM lifecircle_orders WHERE resident = $1 AND state IN (1, 2)", .text(resident)
        ) { $0.int(0) } ?? 0
    }

    /// Whose orders are listed.
    enum Owner {
        case resident(String)
        case shop(String)
    }

    /// Newest first, before the number `before` if it is given.
    func list(
        _ connection: any Connection, _ owner: Owner, state: OrderState?, before: String?, limit: Int
    ) throws -> [Order] {
        let (column, value): (String, String) =
            switch owner {
            case .resident(let name): ("resident", name)
            case .shop(let id): ("shop_id", id)
            }
        return try connection.query(
            """
            SELECT \(Self.columns) FROM lifecircle_orders
            WHERE \(column) = $1 AND ($2 = 0 OR state = $2) AND ($3 = '' OR number < $3)
            ORDER BY number DESC LIMIT $4
            """,
            .text(value), SQLValue(state?.rawValue ?? 0), .text(before ?? ""), SQLValue(limit), row: order)
    }

    /// Changes of a shop's orders after a sequence, oldest first.
    func changes(_ connection: any Connection, shop: String, after sequence: Int64, limit: Int) throws
        -> [(sequence: Int64, order: Order)]
    {
        let rows: [(Int64, String)] = try connection.query(
            """
            SELECT sequence, number FROM lifecircle_order_changes WHERE shop_id = $1 AND sequence > $2
            ORDER BY sequence LIMIT $3
            """, .text(shop), .integer(sequence), SQLValue(limit)
        ) { ($0.integer(0), $0.text(1)) }
        return try rows.map { sequence, number in
            guard let order: Order = try find(connection, number: number) else {
                preconditionFailure("a change without its order: the foreign key forbids it")
            }
            return (sequence, order)
        }
    }

    /// The newest sequence of all.
    func lastSequence(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT COALESCE(max(sequence), 0) FROM lifecircle_order_changes") {
            $0.integer(0)
        } ?? 0
    }

    /// A shop's orders that wait for it, oldest first.
    func waiting(_ connection: any Connection, shop: String) throws -> [Order] {
        try connection.query(
            "SELECT \(Self.columns) FROM lifecircle_orders WHERE shop_id = $1 AND state = 1 ORDER BY number",
            .text(shop), row: order)
    }
}
