import Kernel
import Platform

/// Everything that the demonstration shows: places, people who do not exist, shops and cases with their histories.
///
/// Pure: the same seed and the same time give the same data, whatever the machine. Nothing is stored here.
struct DemoData: Sendable {
    var organizations: [NewOrganization] = []
    var staff: [DemoStaff] = []
    var households: [DemoHousehold] = []
    var people: [DemoPerson] = []
    var shops: [DemoShop] = []
    var cases: [DemoCase] = []
    var services: [DemoService] = []

    /// Makes all of it.
    ///
    /// - Parameter now: the cases lie in the eleven weeks before.
    /// - Throws: a refusal of the workflow means that a history is told wrongly; a data file error, that a file is wrong.
    init(source: DemoSource, seed: UInt64, now: Instant) throws {
        let places = try DemoPlaces(source: source)
        organizations = places.organizations
        let register = DemoRegister(places, seed: seed)
        households = register.households
        people = register.people
        let residents: [String: Int] = register.residents
        for index in organizations.indices {
            organizations[index].residentCount += residents[organizations[index].code, default: 0]
        }
        staff = DemoStaff.all(places, source: source, random: SeededRandom(seed: seed &+ 2))
        shops = DemoShop.around(DemoPlaces.fengtaiCenter, random: SeededRandom(seed: seed &+ 3))
        var book = DemoCaseBook(
            source: source, places: places, people: people, staff: staff, now: now,
            random: SeededRandom(seed: seed &+ 4))
        try book.write()
        cases = book.cases
        var serviceBook = DemoServiceBook(
            people: people, staff: staff, calendar: source.calendar, now: now,
            random: SeededRandom(seed: seed &+ 5))
        serviceBook.write()
        services = serviceBook.services
    }
}

/// The data files that the demonstration is made from.
struct DemoSource: Sendable {
    let divisions: TabTable
    let communities: TabTable
    let departments: DepartmentCatalogue
    let categories: ReportCategories
    let workflow: WorkflowDefinition
    let calendar: WorkCalendar

    /// Reads the files.
    ///
    /// - Parameter text: the text of a file below ops/data, by its path.
    init(calendar: WorkCalendar, text: (String) throws -> String) throws {
        divisions = try TabTable(
            tsv: text("divisions/divisions.tsv"), required: ["code", "name", "level", "parent"])
        communities = try TabTable(
            tsv: text("divisions/communities.tsv"),
            required: [
                "code", "name", "parent", "households", "residents", "aliases", "latitude", "longitude",
                "synthetic",
            ])
        departments = try DepartmentCatalogue(yaml: text("departments/departments.yaml"))
        categories = try ReportCategories(yaml: text("categories/report.yaml"))
        workflow = try WorkflowDefinition(yaml: text("workflows/case.yaml"))
        self.calendar = calendar
    }
}

/// Somebody who does not exist: division 140599, a mobile number that begins with 100.
struct DemoPerson: Sendable, Equatable {
    /// Id of the account, such as `demo-r00001`.
    let id: String
    let name: FullName
    let idNumber: IDNumber
    /// Nil for children.
    let phone: PhoneNumber?
    /// Code of the household.
    let household: String
    /// Code of the grid.
    let home: String
    let birth: CivilDate

    var resourceName: String { "residents/\(id)" }
}

/// A household of the register.
struct DemoHousehold: Sendable, Equatable {
    /// The code of its grid and a number.
    let code: String
    let grid: String
    let size: Int
}
