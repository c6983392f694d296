import Contract
import Kernel
import Platform
import RPC
import Testing

@testable import OneStop

extension Catalogue {
    fileprivate func ask(_ words: String, from address: String = "203.0.113.5:4000") async throws {
        _ = try await desk.searchItems(
            .init(query: words), call(OneStopV1.ItemServiceMethods.searchItems, address: address))
    }

    fileprivate func unfound(resolved: Bool = false) async throws -> [OneStopV1.UnfoundQuery] {
        try await owner.listUnfoundQueries(
            .init(showResolved: resolved),
            call(OneStopV1.CatalogueServiceMethods.listUnfoundQueries, editor: true)
        ).queries
    }
}

@Suite struct UnfoundTests {
    @Test func theOwnerSeesWhatNobodyFound() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            try await test.ask("请问飞碟怎么办理？")
            try await test.ask("飞碟")
            try await test.ask("时光机")
            try await test.ask("出生登记")
            #expect(try await test.unfound().map { "\($0.words) \($0.count)" } == ["飞碟 2", "时光机 1"])
            let first = try await test.unfound()[0]
            let request = OneStopV1.ResolveUnfoundQueryRequest(
                name: first.name, resolution: "不属于政务服务", requestID: Catalogue.requestID(1))
            for _ in 1...2 {
                _ = try await test.owner.resolveUnfoundQuery(
                    request, test.call(OneStopV1.CatalogueServiceMethods.resolveUnfoundQuery, editor: true))
            }
            try await test.ask("飞碟")
            #expect(try await test.unfound().map(\.words) == ["时光机"])
            let all = try await test.unfound(resolved: true)
            #expect(all.map(\.resolution) == ["不属于政务服务", ""] && all[0].count == 3)
        }
    }

    /// Anybody may search; what each search writes has a limit, and the search is answered all the same.
    @Test func oneCallerWritesSoMuchAMinute() async throws {
        try await Catalogue.with { test in
            let limit = UnfoundThrottle.perPlaceAndMinute
            for number in 0..<(limit + 3) {
                try await test.ask("飞碟\(Character(UnicodeScalar(0x4E00 + number)!))号")
            }
            #expect(try await test.unfound().count == limit)
            try await test.ask("时光机", from: "198.51.100.9:1")
            #expect(try await test.unfound().count == limit + 1)
            test.clock.advance(seconds: 60)
            try await test.ask("永动机")
            #expect(try await test.unfound().count == limit + 2)
        }
    }

    @Test func allTogetherWriteSoMuchAMinute() {
        let throttle = UnfoundThrottle()
        let now = Catalogue.start
        func admit(_ number: Int, _ now: Instant) -> Bool {
            throttle.admit(Place(Peer(address: "10.\(number / 250).\(number % 250).1:1")), now: now)
        }
        #expect((0..<UnfoundThrottle.perMinute).allSatisfy { admit($0, now) })
        #expect(!admit(UnfoundThrottle.perMinute, now))
        #expect(admit(UnfoundThrottle.perMinute, now.adding(seconds: 60)))
    }

    @Test(arguments: [
        ("飞碟3号楼", true), ("飞碟1234", true), ("飞碟12345", false), ("我的电话一三九零零", false), ("飞", false),
        ("11010519491231002x", false),
    ])
    func numbersOfPeopleAreNotKept(words: String, kept: Bool) {
        #expect(UnfoundRules.mayKeep(words) == kept)
    }

    @Test func soManyDifferentWordsAreKept() async throws {
        try await Catalogue.with { test in
            try await test.platform.performAsSystem(action: "test") { unit in
                for number in 0...UnfoundStore.wordsMax { try UnfoundStore.record("w\(number)", unit) }
                try UnfoundStore.record("w0", unit)
            }
            #expect(
                try await test.number("SELECT count(*) FROM onestop_unfound_queries")
                    == Int64(UnfoundStore.wordsMax))
            #expect(try await test.number("SELECT max(count) FROM onestop_unfound_queries") == 2)
        }
    }
}
