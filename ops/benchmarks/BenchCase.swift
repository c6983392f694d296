import Storage

/// A row like those of the busiest table: about 380 bytes, 15 columns, 4 indexes whose keys are random.
struct BenchCase: Sendable {
    let values: [SQLValue]

    static let migration = Migration(
        module: "bench", number: 1, name: "cases",
        sql: """
            CREATE TABLE bench_case (
                id INTEGER PRIMARY KEY, number TEXT NOT NULL, reporter TEXT NOT NULL, grid TEXT NOT NULL,
                assignee TEXT NOT NULL, category TEXT NOT NULL, state INTEGER NOT NULL, title TEXT NOT NULL,
                description TEXT NOT NULL, address TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX bench_case_number ON bench_case (number);
            CREATE INDEX bench_case_reporter ON bench_case (reporter);
            CREATE INDEX bench_case_grid ON bench_case (grid);
            CREATE INDEX bench_case_assignee ON bench_case (assignee);
            """)

    static let insert: String = """
        INSERT INTO bench_case (id, number, reporter, grid, assignee, category, state, title, description, address, \
        latitude, longitude, created_at, updated_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """

    /// The same row for the same number, always.
    init(number: Int) {
        var state = UInt64(number)
        func random() -> UInt64 {  // splitmix64
            state &+= 0x9e37_79b9_7f4a_7c15
            var z: UInt64 = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        func key() -> SQLValue { .text(String(random(), radix: 36) + String(random() >> 40, radix: 36)) }
        let time = Int64(1_790_000_000_000 + number * 17)
        values = [
            SQLValue(number + 1), key(), key(), key(), key(), "噪声扰民/夜间施工", 1,
            "南门花园3号楼旁工地夜间施工，噪声很大",
            "昨晚十一点以后还在打桩，老人和孩子都睡不着，已经连续三天，请尽快派人看看。电话请在白天打。",
            "锦城市青羊区南门街道花园社区第\(random() % 40)网格", .real(30.6 + Double(random() % 100_000) / 1e6),
            .real(104.0 + Double(random() % 100_000) / 1e6), .integer(time), .integer(time), 1,
        ]
    }
}
