import Testing

@testable import Storage

@Suite struct PlaceholderTests {
    @Test(arguments: [
        ("SELECT $1, $23", "SELECT ?1, ?23"),
        ("SELECT '$1', \"$2\", `$3`, [$4], $5", "SELECT '$1', \"$2\", `$3`, [$4], ?5"),
        ("SELECT 'it''s $1' || $1", "SELECT 'it''s $1' || ?1"),
        ("-- costs $1\nSELECT /* $2 */ $3", "-- costs $1\nSELECT /* $2 */ ?3"),
        ("SELECT '邻里$1', $name, $", "SELECT '邻里$1', $name, $"),
        ("SELECT 'open $1", "SELECT 'open $1"),
        ("SELECT - $1 / $2", "SELECT - ?1 / ?2"),
    ]) func numbersAreRewrittenOutsideOfQuotesAndComments(_ sql: String, _ rewritten: String) {
        #expect(numberedPlaceholders(sql) == rewritten)
    }

    @Test func aConnectionKeepsNoMoreStatementsThanItsLimit() async throws {
        try await withFolder { folder in
            var configuration = SQLiteConfiguration(path: folder + "/linli.sqlite")
            configuration.limits.statementsMax = 2
            let connection = try SQLiteConnection(configuration, .writer)
            for number in [1, 2, 1] { _ = try connection.first("SELECT \(number)") { $0.int(0) } }
            #expect(connection.statementCount == 2)
            _ = try connection.first("SELECT 3") { $0.int(0) }
            #expect(connection.statementCount == 2)
        }
    }
}
