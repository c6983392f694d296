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
    /// Figures of the source that are counters, not rows.
    var counters: [DemoCounter] = []

    /// Makes all of it.
    ///
    /// - Parameter now: the cases lie in the eleven weeks before.
    /// - Throws: a refusal of the workflow means that a history is told wrongly; a data file error, that a file is wrong.
    init(source: DemoSource, seed: UInt64, now: Instant) throws {
        let places = try DemoPlaces(source: source)
        organizations = places.organizations
        counters = DemoCounter.all
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

/// A figure that is shown and not made of rows.
struct DemoCounter: Sendable, Equatable {
    let id: String
    /// Code of the place that it belongs to.
    let place: String
    let title: BilingualText
    let value: Int

    private init(_ id: String, _ place: String, _ zh: String, _ en: String, _ value: Int) {
        self.id = id
        self.place = place
        title = BilingualText(zh: zh, en: en)
        self.value = value
    }

    /// The figures of the source document of July 2022.
    static let all: [DemoCounter] = [
        DemoCounter("registered_users", "140500000000", "实名注册用户", "registered users", 2_610_000),
        DemoCounter("transactions", "140500000000", "累计办件", "transactions", 137_000_000),
        DemoCounter("pooled_records", "140500000000", "汇聚数据", "pooled records", 300_000),
        DemoCounter("communities_online", "140500000000", "推广社区", "communities on line", 25),
        DemoCounter("closed_cases", "140581000000", "办结诉求", "closed cases", 6_558),
        DemoCounter("epidemic_orders", "140581000000", "疫情工单", "epidemic orders", 600),
        DemoCounter("kiosks", "140581000000", "综合自助一体机", "kiosks", 15),
        DemoCounter("agents", "140581000000", "帮办代办点", "agency points", 304),
        DemoCounter("modules", "140524101999", "数字网模块", "modules", 21),
        DemoCounter("base_records", "140524101999", "基础数据", "base records", 1_864),
        DemoCounter("speakers", "140524101999", "无线广播", "loudspeakers", 9),
        DemoCounter("cameras", "140524101999", "高清摄像头", "cameras", 34),
        DemoCounter("broadcasts", "140524101999", "播发信息", "broadcasts", 658),
        DemoCounter("fixed_cases", "140524101999", "解决问题", "fixed cases", 15),
        DemoCounter("village_cameras", "140525107000", "村级摄像头", "village cameras", 564),
        DemoCounter("speakers", "140525107000", "云喇叭", "cloud loudspeakers", 34),
        DemoCounter("enterprise_cameras", "140525107000", "企业摄像头", "enterprise cameras", 50),
        DemoCounter("hazard_cameras", "140525107000", "地灾水位摄像头", "hazard and level cameras", 36),
        DemoCounter("full_time_workers", "140521100000", "专职网格员", "full-time grid workers", 119),
        DemoCounter("auxiliary_workers", "140521100000", "兼职网格员", "auxiliary grid workers", 360),
        DemoCounter("fourth_level_grids", "140521100000", "四级网格", "fourth-level grids", 396),
        DemoCounter("fifth_level_grids", "140521100000", "五级网格", "fifth-level grids", 1_000),
        DemoCounter("enforcement_full_time", "140521100000", "专职执法队员", "full-time enforcement", 12),
        DemoCounter("enforcement_auxiliary", "140521100000", "辅助执法队员", "auxiliary enforcement", 18),
        DemoCounter("village_squads", "140521100000", "村级队员", "village squad members", 825),
        DemoCounter("cases_a_day", "140521100000", "日均办件", "cases a day", 200),
        DemoCounter("elements", "140521100000", "人地事物数据", "records of people, places and things", 8_000_000),
    ]
}
