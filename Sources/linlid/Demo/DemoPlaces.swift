import Kernel
import Platform

/// The organisation tree: real divisions down to the town, and below them what the source document counts.
struct DemoPlaces: Sendable {
    /// Parents before their children.
    private(set) var organizations: [NewOrganization] = []
    /// Grids in which households live, with how many.
    private(set) var gridHouseholds: [(grid: String, households: Int)] = []

    static let prefecture: String = "140500000000"
    static let chengqu: String = "140502000000"
    static let yangcheng: String = "140522000000"
    static let zezhou: String = "140525000000"
    static let gaoping: String = "140581000000"
    static let gaodu: String = "140525107000"
    static let fengtai: String = "140502001999"
    static let mingfeng: String = "140522100999"
    /// Middle of 凤台社区, roughly.
    static let fengtaiCenter: GeoPoint = GeoPoint(storedLatitude: 35.4936, storedLongitude: 112.8563)

    /// 高都镇: villages, second-level and third-level grids, households.
    static let gaoduCounts: (villages: Int, second: Int, third: Int, households: Int) = (34, 158, 854, 12_306)
    /// 鸣凤社区: grids, households, people.
    static let mingfengCounts: (grids: Int, households: Int, people: Int) = (11, 3_428, 10_683)
    static let fengtaiGrids: Int = 8
    static let gaopingCounts: (villages: Int, stations: Int, centers: Int) = (334, 340, 15)

    init(source: DemoSource) throws {
        for row in source.divisions.rows {
            let level: OrganizationLevel =
                switch row["level"] {
                case "prefecture": .prefecture
                case "county": .county
                default: .town
                }
            add(
                row["code"], row["name"], level, row["parent"].isEmpty ? nil : row["parent"], synthetic: false
            )
        }
        for row in source.communities.rows { addCommunity(row) }
        addDepartments(source.departments)
        addFengtai()
        addMingfeng()
        addGaodu()
        addGaoping(source)
    }

    private mutating func add(
        _ code: String, _ name: String, _ level: OrganizationLevel, _ parent: String?, households: Int = 0,
        residents: Int = 0, center: GeoPoint? = nil, aliases: [String] = [], synthetic: Bool = true
    ) {
        organizations.append(
            NewOrganization(
                code: code, name: name, level: level, parentCode: parent, householdCount: households,
                residentCount: residents, center: center, aliases: aliases, synthetic: synthetic))
    }

    private mutating func addCommunity(_ row: TabTable.Row) {
        let center: GeoPoint? = Double(row["latitude"]).flatMap { latitude in
            Double(row["longitude"]).map { GeoPoint(storedLatitude: latitude, storedLongitude: $0) }
        }
        add(
            row["code"], row["name"], .community, row["parent"], households: Int(row["households"]) ?? 0,
            residents: Int(row["residents"]) ?? 0, center: center, aliases: row.list("aliases"),
            synthetic: row["synthetic"] == "true")
    }

    /// The 65 departments of the prefecture and of the counties whose cases the demonstration tells.
    private mutating func addDepartments(_ catalogue: DepartmentCatalogue) {
        let divisions: [(String, String)] = [
            (DemoPlaces.prefecture, "市"), (DemoPlaces.chengqu, "区"), (DemoPlaces.yangcheng, "县"),
            (DemoPlaces.zezhou, "县"), (DemoPlaces.gaoping, "市"),
        ]
        for (division, prefix) in divisions {
            for department in catalogue.departments {
                add(
                    DepartmentCatalogue.code(of: department.id, in: division), prefix + department.title.zh,
                    .department,
                    division, aliases: [department.title.zh])
            }
        }
    }

    private mutating func addFengtai() {
        let streets: [String] = ["凤台东街", "凤台西街", "文昌街", "红星街", "景西路", "黄华街", "新市街", "泽州路"]
        for (index, street) in streets.enumerated() {
            let angle: Double = Double(index) * 0.785
            let center = GeoPoint(
                storedLatitude: DemoPlaces.fengtaiCenter.latitude + 0.0025 * DemoPlaces.sine(angle),
                storedLongitude: DemoPlaces.fengtaiCenter.longitude + 0.0030 * DemoPlaces.sine(angle + 1.571))
            let code: String = "\(DemoPlaces.fengtai)-\(DemoPlaces.padded(index + 1))"
            add(
                code, "第\(index + 1)网格", .grid1, DemoPlaces.fengtai, households: 40, center: center,
                aliases: [street, "\(street)网格"])
            gridHouseholds.append((code, 40))
        }
    }

    private mutating func addMingfeng() {
        let counts: (grids: Int, households: Int, people: Int) = DemoPlaces.mingfengCounts
        for (index, households) in DemoPlaces.spread(counts.households, over: counts.grids).enumerated() {
            let code: String = "\(DemoPlaces.mingfeng)-\(DemoPlaces.padded(index + 1))"
            add(
                code, "第\(index + 1)网格", .grid1, DemoPlaces.mingfeng, households: households,
                aliases: ["鸣凤\(index + 1)网格", "第\(index + 1)党小组"])
            gridHouseholds.append((code, households))
        }
    }

    private mutating func addGaodu() {
        let counts: (villages: Int, second: Int, third: Int, households: Int) = DemoPlaces.gaoduCounts
        let seconds: [Int] = DemoPlaces.spread(counts.second, over: counts.villages)
        let thirds: [Int] = DemoPlaces.spread(counts.third, over: counts.second)
        let households: [Int] = DemoPlaces.spread(counts.households, over: counts.third)
        var (second, third): (Int, Int) = (0, 0)
        for village in 0..<counts.villages {
            let name: String = DemoNames.village(village)
            let code: String = "140525107\(900 + village + 1)"
            let firstHousehold: Int = third
            let inVillage: Range<Int> = second..<second + seconds[village]
            let gridCount: Int = thirds[inVillage].reduce(0, +)
            let total: Int = households[firstHousehold..<firstHousehold + gridCount].reduce(0, +)
            add(
                code, name, .community, DemoPlaces.gaodu, households: total,
                aliases: [String(name.dropLast())])
            add("\(code)-1", "\(name)一级网格", .grid1, code, households: total, aliases: ["\(name)党支部"])
            for group in 1...seconds[village] {
                let groupCode: String = "\(code)-1-\(DemoPlaces.padded(group))"
                let grids: Int = thirds[second]
                add(
                    groupCode, "第\(group)组", .grid2, "\(code)-1",
                    households: households[third..<third + grids].reduce(0, +))
                for grid in 1...grids {
                    let gridCode: String = "\(groupCode)-\(DemoPlaces.padded(grid))"
                    add(gridCode, "第\(group)组第\(grid)网格", .grid3, groupCode, households: households[third])
                    gridHouseholds.append((gridCode, households[third]))
                    third += 1
                }
                second += 1
            }
        }
    }

    private mutating func addGaoping(_ source: DemoSource) {
        let counts: (villages: Int, stations: Int, centers: Int) = DemoPlaces.gaopingCounts
        let towns: [TabTable.Row] = source.divisions.rows.filter {
            $0["parent"] == DemoPlaces.gaoping && $0["level"] == "town"
        }
        let villages: [Int] = DemoPlaces.spread(counts.villages, over: towns.count)
        var extraStations: Int = counts.stations - counts.villages
        for (town, count) in zip(towns, villages) {
            add("\(town["code"])-center", "\(town["name"])便民服务中心", .department, town["code"])
            for index in 0..<count {
                let name: String = DemoNames.village(index)
                let code: String = "\(town["code"].prefix(9))\(900 + index + 1)"
                add(code, name, .community, town["code"])
                add("\(code)-station", "\(name)便民服务站", .department, code)
                if index == 0 && extraStations > 0 {
                    add("\(code)-station2", "\(name)第二便民服务站", .department, code)
                    extraStations -= 1
                }
            }
        }
    }

    /// `total` shared out as evenly as whole numbers allow, the larger shares spread over the list.
    static func spread(_ total: Int, over count: Int) -> [Int] {
        (0..<count).map { (($0 + 1) * total) / count - ($0 * total) / count }
    }

    static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    /// The sine by its series, good to a metre on this scale, so that no platform's library decides a coordinate.
    static func sine(_ angle: Double) -> Double {
        let turn: Double = 6.283_185_307_179_586
        var reduced: Double = angle - turn * (angle / turn).rounded()
        if reduced > turn / 4 { reduced = turn / 2 - reduced }
        if reduced < -turn / 4 { reduced = -turn / 2 - reduced }
        let square: Double = reduced * reduced
        return reduced * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)))
    }
}
