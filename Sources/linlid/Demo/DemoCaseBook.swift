import Kernel
import Platform

/// Writes the cases: a few hundred ordinary ones over eleven weeks, and among them the hard ones.
struct DemoCaseBook {
    let source: DemoSource
    let places: DemoPlaces
    let now: Instant
    let random: SeededRandom
    private let casts: [String: DemoCast]
    /// Grown-up people by community or town.
    private let reporters: [String: [DemoPerson]]
    private(set) var cases: [DemoCase] = []

    /// Days before the present in which ordinary cases begin.
    static let days: Int = 77
    static let ordinaryCases: Int = 260

    init(
        source: DemoSource, places: DemoPlaces, people: [DemoPerson], staff: [DemoStaff], now: Instant,
        random: SeededRandom
    ) {
        self.source = source
        self.places = places
        self.now = now
        self.random = random
        casts = Dictionary(
            uniqueKeysWithValues: DemoStaff.counties.map { ($0, DemoCast(county: $0, staff: staff)) })
        let grown: [DemoPerson] = people.filter { $0.phone != nil }
        reporters = Dictionary(
            uniqueKeysWithValues: DemoCaseBook.scenes.map { scene in
                (scene.prefix, grown.filter { $0.home.hasPrefix(scene.prefix) })
            })
    }

    /// Where cases happen: the code that homes begin with, and the county that handles them. Of ten cases five, three and two.
    private static let scenes: [Scene] = [
        Scene(prefix: DemoPlaces.fengtai, county: DemoPlaces.chengqu),
        Scene(prefix: DemoPlaces.mingfeng, county: DemoPlaces.yangcheng),
        Scene(prefix: String(DemoPlaces.gaodu.prefix(9)), county: DemoPlaces.zezhou),
    ]

    private struct Scene {
        let prefix: String
        let county: String
    }

    mutating func write() throws(Refusal) {
        for _ in 0..<DemoCaseBook.ordinaryCases {
            try tell(.ordinary, daysAgo: random.integer(in: 0..<DemoCaseBook.days))
        }
        for day in [3, 9, 17, 25, 33, 41] { try tell(.patrol, daysAgo: day) }
        for day in [1, 8, 30] { try tell(.declined, daysAgo: day) }
        for day in [15, 20, 32] { try tell(.overdue, daysAgo: day, category: "street_light") }
        for day in [12, 27] { try tell(.rework, daysAgo: day) }
        for day in [14, 35] { try tell(.wrongBody, daysAgo: day, category: "parking") }
        try tell(.returnedThrice, daysAgo: 40, category: "water")
        try tellDuplicates(daysAgo: 13)
        try tell(.pauseAbuse, daysAgo: 38, category: "illegal_building")
        try tell(.reopenedOnDayTen, daysAgo: 29, category: "sewage")
        try tell(.refusedOnDayEleven, daysAgo: 36, category: "manhole")
        try tell(.appealUpheld, daysAgo: 28, category: "air_pollution")
        try tell(.appealRejected, daysAgo: 31, category: "property")
        try tell(.extended, daysAgo: 26, category: "greening")
        for day in [20, 45] { try tell(.unrated, daysAgo: day) }
        if let eve = holidayEve() {
            try tell(.holidaySpanning, at: eve.adding(hours: 10), category: "road_damage")
        }
        for state in DemoCaseBook.waitingStates {
            for category in ["street_light", "fire_hazard"]
            where category == "street_light" || !state.needsDepartment {
                try tell(waitingIn: state.id, daysAgo: state.daysAgo, category: category)
            }
        }
        cases = inOrder(cases)
    }

    /// States in which something waits in 凤台社区, how many worked days ago it began, and whether only a department may
    /// do it.
    private static let waitingStates: [(id: String, daysAgo: Int, needsDepartment: Bool)] = [
        ("reported", 1, false), ("filed", 1, false), ("awaiting_dispatch", 3, false),
        ("awaiting_receipt", 3, false),
        ("return_review", 4, true), ("in_progress", 4, false), ("suspended", 5, true),
        ("extension_review", 5, true),
        ("awaiting_verification", 5, false), ("awaiting_rating", 6, false), ("remedying", 7, false),
    ]

    private mutating func tell(waitingIn state: String, daysAgo: Int, category: String) throws(Refusal) {
        var date: CivilDate = now.shanghaiDate
        var left: Int = daysAgo
        while left > 0 {
            date = date.adding(days: -1)
            if source.calendar.kind(of: date).isWorked { left -= 1 }
        }
        let begin: Instant = Instant(startOf: date).adding(hours: 8)
        var story: DemoStory = newStory(
            .waiting, at: begin, category: category, place: nil, scene: DemoCaseBook.scenes[0])
        story.lastState = state
        try story.tell(.waiting)
        cases.append(story.told)
    }

    /// The last worked day before the newest holiday of at least five days that began 20 days ago or earlier.
    private func holidayEve() -> Instant? {
        let latest: CivilDate = now.shanghaiDate.adding(days: -20)
        for back in 0..<365 {
            let first: CivilDate = latest.adding(days: -back)
            let isLong: Bool = (0..<5).allSatisfy { isHoliday(first.adding(days: $0)) }
            guard isLong, !isHoliday(first.adding(days: -1)) else { continue }
            var eve: CivilDate = first.adding(days: -1)
            while !source.calendar.kind(of: eve).isWorked { eve = eve.adding(days: -1) }
            return Instant(startOf: eve)
        }
        return nil
    }

    private func isHoliday(_ date: CivilDate) -> Bool {
        if case .holiday = source.calendar.kind(of: date) { true } else { false }
    }

    /// By time of filing; merged cases point to where their main case went.
    private func inOrder(_ cases: [DemoCase]) -> [DemoCase] {
        let order: [Int] = cases.indices.sorted { left, right in
            (cases[left].createTime, left) < (cases[right].createTime, right)
        }
        var position: [Int] = Array(repeating: 0, count: cases.count)
        for (new, old) in order.enumerated() { position[old] = new }
        return order.map { old in
            var told: DemoCase = cases[old]
            told.mainCase = told.mainCase.map { position[$0] }
            if let main = told.mainCase { told.instance.facts["main_case"] = .text(String(main)) }
            return told
        }
    }

    private mutating func tell(
        _ scenario: DemoCase.Scenario, daysAgo: Int, category: String? = nil
    ) throws(Refusal) {
        let minute: Int = 7 * 60 + random.integer(in: 0..<14 * 60)
        let begin: Instant = Instant(startOf: now.shanghaiDate.adding(days: -daysAgo)).adding(
            minutes: Int64(minute))
        try tell(scenario, at: min(begin, now.adding(minutes: -5)), category: category)
    }

    private mutating func tell(
        _ scenario: DemoCase.Scenario, at begin: Instant, category: String? = nil
    ) throws(Refusal) {
        var story: DemoStory = newStory(scenario, at: begin, category: category, place: nil)
        try story.tell(scenario)
        cases.append(story.told)
    }

    /// Six people report the same broken cover within a day and a half; five are merged into the first.
    private mutating func tellDuplicates(daysAgo: Int) throws(Refusal) {
        let begin: Instant = Instant(startOf: now.shanghaiDate.adding(days: -daysAgo)).adding(hours: 9)
        var main: DemoStory = newStory(.duplicate, at: begin, category: "manhole", place: nil)
        let mainIndex: Int = cases.count
        try main.tell(.duplicate)
        cases.append(main.told)
        for number in 1...5 {
            let time: Instant = begin.adding(minutes: Int64(number * 170))
            var other: DemoStory = newStory(.duplicate, at: time, category: "manhole", place: main.told)
            try other.merge(into: mainIndex)
            var told: DemoCase = other.told
            if told.instance.state == "merged" { told.mainCase = mainIndex }
            cases.append(told)
        }
    }

    private func newStory(
        _ scenario: DemoCase.Scenario, at begin: Instant, category: String?, place same: DemoCase?,
        scene fixed: Scene? = nil
    ) -> DemoStory {
        let draw: Int = random.integer(in: 0..<10)
        let drawn: Scene =
            same == nil
            ? DemoCaseBook.scenes[draw < 5 ? 0 : draw < 8 ? 1 : 2]
            : DemoCaseBook.scenes.first { same?.grid.hasPrefix($0.prefix) ?? false } ?? DemoCaseBook.scenes[0]
        let scene: Scene = fixed ?? drawn
        let crowd: [DemoPerson] = reporters[scene.prefix] ?? []
        let person: DemoPerson = crowd[random.integer(in: 0..<crowd.count)]
        let all: [ReportCategory] = source.categories.categories
        let kind: ReportCategory =
            category.flatMap(source.categories.category) ?? all[random.integer(in: 0..<all.count)]
        let words: [String] = DemoCaseTexts.reports[kind.id] ?? ["请派人看看"]
        guard let cast = casts[scene.county] else { preconditionFailure("no cast for \(scene.county)") }
        let grid: String = same?.grid ?? person.home
        let isPatrol: Bool = scenario == .patrol
        let worker: String = DemoStory.gridBody(grid)
        let reporter: String = isPatrol ? cast.handler(worker).id : person.resourceName
        let facts: [String: WorkflowValue] = [
            "reporter": .text(reporter), "reporter_kind": .text(isPatrol ? "staff" : "resident"),
            "photo_count": .integer(0),
        ]
        let told = DemoCase(
            scenario: scenario, category: kind, description: words[random.integer(in: 0..<words.count)],
            grid: grid,
            place: same?.place ?? DemoCaseTexts.places[random.integer(in: 0..<DemoCaseTexts.places.count)],
            point: nil, channel: isPatrol ? "patrol" : random.integer(in: 0..<6) == 0 ? "kiosk" : "chatbot",
            reporter: reporter, createTime: begin,
            instance: WorkflowInstance(beginning: source.workflow, facts: facts), stepStart: begin)
        return DemoStory(beginning: told, source: source, cast: cast, random: random, now: now)
    }
}
