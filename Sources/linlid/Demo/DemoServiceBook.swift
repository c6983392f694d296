import Contract
import Kernel
import OneStop
import Platform

/// Writes what the one-stop service did for people of 凤台社区: applications in every state, in several departments of the
/// main county, some mandates, a bundle and certificates.
struct DemoServiceBook {
    typealias Forms = DemoServiceForms

    private let calendar: WorkCalendar
    let now: Instant
    private let random: SeededRandom
    private let staff: [DemoStaff]
    /// The residents whom the demonstration plays come first.
    let adults: [DemoPerson]
    let elder: DemoPerson
    private var nextAdult: Int = 2
    private(set) var services: [DemoService] = []

    /// Limits of the application's workflow (ops/data/workflows/application.yaml).
    static let acceptLimit: TimeLimit? = TimeLimit(value: 5, unit: .workingDays)
    static let supplementLimit: TimeLimit? = TimeLimit(value: 15, unit: .workingDays)
    static let ratingLimit: TimeLimit? = TimeLimit(value: 30, unit: .calendarDays)
    /// The promise of 失业保险金申领 (ops/data/items/handling.tsv).
    static let promised: TimeLimit? = TimeLimit(value: 10, unit: .workingDays)
    private static let adultAges: ClosedRange<Int> = 20...60
    private static let elderAge: Int = 70

    /// - Precondition: there are adults in 凤台社区 and an old resident in its first grid.
    init(
        people: [DemoPerson], staff: [DemoStaff], calendar: WorkCalendar, now: Instant, random: SeededRandom
    ) {
        self.calendar = calendar
        self.now = now
        self.random = random
        self.staff = staff
        let today: CivilDate = now.shanghaiDate
        let neighbours: [DemoPerson] = people.filter {
            $0.phone != nil && $0.home.hasPrefix(DemoPlaces.fengtai)
        }
        adults =
            neighbours.prefix(2)
            + neighbours.dropFirst(2).filter {
                DemoServiceBook.adultAges.contains($0.birth.completedYears(on: today))
            }
        let firstGrid: String = "\(DemoPlaces.fengtai)-01"
        guard
            let elder = neighbours.dropFirst(2).first(where: {
                $0.home == firstGrid && $0.birth.completedYears(on: today) >= DemoServiceBook.elderAge
            })
        else { preconditionFailure("nobody in \(firstGrid) is old") }
        self.elder = elder
    }

    mutating func write() {
        writeHousingFund()
        writeWaiting()
        writeReviewed()
        writeDecided()
        writeRated()
        writeMandates()
        writeBundle()
        writeCertificates()
    }

    // MARK: People, offices and times

    /// Somebody else each time.
    mutating func somebody() -> DemoPerson {
        nextAdult += 1
        return adults[nextAdult % adults.count]
    }

    func officer(_ department: String, second: Bool = false) -> DemoStaff {
        let code: String = DepartmentCatalogue.code(of: department, in: DemoPlaces.chengqu)
        let officers: [DemoStaff] = staff.filter { $0.grants.contains { $0.department == code } }
        guard let member = second ? officers.dropFirst().first : officers.first else {
            preconditionFailure("nobody handles for \(code)")
        }
        return member
    }

    func member(_ role: Role, in scope: String) -> DemoStaff {
        guard let member = staff.first(where: { $0.has(role, in: scope) }) else {
            preconditionFailure("no \(role) in \(scope)")
        }
        return member
    }

    /// In the morning of a worked day, so many worked days before the present.
    func morning(workedDaysAgo days: Int) -> Instant {
        var date: CivilDate = now.shanghaiDate
        var left: Int = days
        while left > 0 {
            date = date.adding(days: -1)
            if calendar.kind(of: date).isWorked { left -= 1 }
        }
        return Instant(startOf: date).adding(minutes: Int64(9 * 60 + random.integer(in: 0..<90)))
    }

    /// The latest morning from which on a limit shows a card now. Before office hours the yellow card still lies on what was
    /// due the evening before.
    func morning(of limit: TimeLimit, showing card: Deadline.Card) -> Instant {
        for days in 1...60 {
            let begin: Instant = morning(workedDaysAgo: days)
            if calendar.deadline(start: begin, limit: limit, now: now).card(at: now) == card { return begin }
        }
        preconditionFailure("no morning shows \(card)")
    }

    mutating func tell(
        _ scenario: DemoService.Scenario, of resident: DemoPerson, begin: Instant,
        _ body: (inout DemoService) -> Void
    ) {
        var story = DemoService(
            scenario, of: resident, begin: begin, calendar: calendar, random: random, now: now)
        body(&story)
        services.append(story)
    }

    /// An application that an officer takes on after some working hours.
    mutating func accepted(
        _ scenario: DemoService.Scenario, _ item: String, _ answers: [OneStopV1.FormAnswer],
        by officer: DemoStaff,
        of resident: DemoPerson, begin: Instant, _ body: (inout DemoService) -> Void = { _ in }
    ) {
        let hours: Int = 1 + random.integer(in: 0..<3)
        tell(scenario, of: resident, begin: begin) { story in
            story.resident(.submit(item: item, answers: answers))
            story.staff(officer, .accept, after: hours)
            body(&story)
        }
    }
}
