import Kernel
import Platform

/// The register of people: households of the grids, all people of 鸣凤社区 and 凤台社区, and the heads of 高都镇.
struct DemoRegister {
    private let random: SeededRandom
    private(set) var households: [DemoHousehold] = []
    private(set) var people: [DemoPerson] = []
    /// Sequence numbers that were given out for a birth date: an ID number is nobody else's.
    private var sequences: [CivilDate: Int] = [:]
    private static let firstPhone: Int = 10_000_000

    /// Communities whose people are all in the register.
    private static let whole: [String] = [DemoPlaces.fengtai, DemoPlaces.mingfeng]

    /// Fills the grids with people; the same seed gives the same.
    init(_ places: DemoPlaces, seed: UInt64) {
        random = SeededRandom(seed: seed &+ 1)
        fill(places)
    }

    /// How many people live in a grid, where all of them are in the register.
    var residents: [String: Int] {
        let counted: [DemoPerson] = people.filter { person in
            DemoRegister.whole.contains { person.home.hasPrefix($0) }
        }
        return Dictionary(grouping: counted, by: \.home).mapValues(\.count)
    }

    private mutating func fill(_ places: DemoPlaces) {
        for community in DemoRegister.whole {
            let grids = places.gridHouseholds.filter { $0.grid.hasPrefix(community) }
            let count: Int = grids.reduce(0) { $0 + $1.households }
            let people: Int = community == DemoPlaces.mingfeng ? DemoPlaces.mingfengCounts.people : count * 3
            var sizes: ArraySlice<Int> = sizes(households: count, people: people)[...]
            for grid in grids {
                for number in 1...grid.households {
                    add(grid.grid, number, size: sizes.popFirst() ?? 1, people: nil)
                }
            }
        }
        for grid in places.gridHouseholds where !DemoRegister.whole.contains(where: grid.grid.hasPrefix) {
            for number in 1...grid.households {
                add(grid.grid, number, size: 1 + random.integer(in: 0..<5), people: 1)
            }
        }
    }

    /// Household sizes of 1 to 7 that add up to `people`.
    private func sizes(households: Int, people: Int) -> [Int] {
        var sizes: [Int] = DemoPlaces.spread(people, over: households)
        for _ in 0..<households {
            let (giver, taker): (Int, Int) = (
                random.integer(in: 0..<households), random.integer(in: 0..<households)
            )
            if sizes[giver] > 1 && sizes[taker] < 7 {
                sizes[giver] -= 1
                sizes[taker] += 1
            }
        }
        return sizes
    }

    /// - Parameter people: how many of the household are rows; nil for all.
    private mutating func add(_ grid: String, _ number: Int, size: Int, people count: Int?) {
        let code: String = "\(grid)-h\(number)"
        households.append(DemoHousehold(code: code, grid: grid, size: size))
        for member in 0..<(count ?? size) { addPerson(household: code, grid: grid, member: member) }
    }

    private mutating func addPerson(household: String, grid: String, member: Int) {
        // Heads and their spouses are grown up; everybody else is of any age.
        let age: Int = member < 2 ? 25 + random.integer(in: 0..<60) : random.integer(in: 0..<90)
        let birth: CivilDate = freeBirthDate(near: CivilDate(daysSinceEpoch: 20_454 - age * 365), spread: 365)
        let sequence: Int = sequences[birth, default: 0]
        sequences[birth] = sequence + 1
        let number: Int = people.count + 1
        people.append(
            DemoPerson(
                id: "demo-r\(String(100_000 + number).dropFirst())", name: DemoNames.person(random),
                idNumber: IDNumber(syntheticBornOn: birth, sequence: sequence),
                phone: age < 14 ? nil : PhoneNumber(syntheticSequence: DemoRegister.firstPhone + number),
                household: household, home: grid, birth: birth))
    }

    /// A day of the year before `latest` whose sequence numbers are not used up.
    private func freeBirthDate(near latest: CivilDate, spread: Int) -> CivilDate {
        var date: CivilDate = latest.adding(days: -random.integer(in: 0..<spread))
        while sequences[date, default: 0] > 999 { date = date.adding(days: -1) }
        return date
    }
}
