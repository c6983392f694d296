import Storage
import Testing

@Suite struct DatabaseTests {
    @Test func whatWasWrittenIsReadBack() async throws {
        try await withStore { store in
            try await store.write { connection in
                let inserted: Int = try connection.execute(
                    "INSERT INTO test_thing (id, name, weight, photo, note) VALUES ($1, $5, $2, $3, $4)", 1,
                    2.5, .blob([1, 0, 2]), nil, "南门\u{0}花园")
                #expect(inserted == 1)
            }
            let name: String? = try await store.read { connection in
                try connection.first(
                    "SELECT id, name, weight, photo, note FROM test_thing WHERE id = $1", 1
                ) { row in
                    #expect(row.int(0) == 1)
                    #expect(row.real(2) == 2.5)
                    #expect(row.blob(3) == [1, 0, 2])
                    #expect(row.isNull(4) && row.textOrNil(4) == nil)
                    #expect(row.value(1) == "南门\u{0}花园")
                    return row.text(1)
                }
            }
            #expect(name == "南门\u{0}花园")
        }
    }
}
