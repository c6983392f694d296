import Kernel
import Platform

/// Rows of the data sets about residents of the demonstration, as the CSV files that departments would deliver. Only the
/// residents of 凤台社区 have some: the sets stay small, and those whom the demonstration signs in live there.
struct DemoRecords {
    /// How to make the rows of one set.
    private struct Book {
        /// As in the schema, without the ID number.
        let columns: [String]
        let rows: @Sendable (DemoLife) -> [[String]]
    }

    private let lives: [DemoLife]

    /// So many residents have records.
    static let peopleMax: Int = 400

    init(people: [DemoPerson], today: CivilDate) {
        let neighbours: [DemoPerson] = people.filter { $0.home.hasPrefix(DemoPlaces.fengtai) }
        let players: Set<String> = Set(
            neighbours.lazy.filter { $0.phone != nil }.prefix(DemoImport.playersCount).map(\.id))
        lives = neighbours.prefix(DemoRecords.peopleMax).map {
            DemoLife($0, today: today, isPlayed: players.contains($0.id))
        }
    }

    /// The rows of a set with their header; nil if there is no such set.
    func rows(of id: String) -> String? {
        guard let book: Book = DemoRecords.books[id] else { return nil }
        var lines: [String] = [(["id_number"] + book.columns).joined(separator: ",")]
        for life in lives {
            for row in book.rows(life) {
                lines.append(([life.person.idNumber.text] + row).joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let books: [String: Book] = money.merging(health) { first, _ in first }
        .merging(papers) { first, _ in first }

    // MARK: Wages, pensions, the housing fund, taxes

    private static let money: [String: Book] = [
        "housing_fund_accounts": Book(
            columns: ["account", "employer", "base", "rate", "monthly", "balance", "until", "state"]
        ) { life in
            guard let employer: String = life.employer else { return [] }
            return [
                [
                    life.account("fund", prefix: "1405990", digits: 9), employer, yuan(life.baseFen),
                    "单位8%＋个人8%", yuan(life.baseFen * 16 / 100), yuan(fundFen(life, months: 0)),
                    life.months(1)[0].monthText, "正常",
                ]
            ]
        },
        "housing_fund_payments": Book(columns: ["month", "kind", "own", "employers", "balance"]) { life in
            guard life.employer != nil else { return [] }
            return life.months(12).enumerated().map { back, month in
                [
                    month.monthText, "汇缴", yuan(life.baseFen * 8 / 100), yuan(life.baseFen * 8 / 100),
                    yuan(fundFen(life, months: back)),
                ]
            }
        },
        "housing_fund_progress": Book(columns: ["kind", "matter", "day", "amount", "step", "next"]) { life in
            guard life.employer != nil else { return [] }
            let random: SeededRandom = life.draws("fund progress")
            let loan: Int = (20 + random.integer(in: 0..<40)) * 1_000_000
            return [
                [
                    "提取", "租房提取", life.ago(2), yuan(600_000 + 100_000 * random.integer(in: 0..<6)), "审核中",
                    "1个工作日内到账",
                ],
                ["贷款", "首套住房贷款", life.ago(9), yuan(loan), random.pick(["初审通过", "待签合同"]), "办理抵押登记后放款"],
            ]
        },
        "pension_contributions": Book(columns: ["month", "employer", "base", "own", "employers", "state"]) {
            life in
            guard let employer: String = life.employer else { return [] }
            return life.months(12).map { month in
                [
                    month.monthText, employer, yuan(life.baseFen), yuan(life.baseFen * 8 / 100),
                    yuan(life.baseFen * 16 / 100), "已到账",
                ]
            }
        },
        "pension_payments": Book(columns: ["kind", "month", "amount", "bank", "account", "state"]) { life in
            guard life.isOld else { return [] }
            // Residents have a basic pension and a little from their own account.
            let amount: Int = life.wasEmployed ? life.baseFen * 6 / 10 : 14_800 + life.baseFen % 7_000
            return life.months(6).map { month in
                [
                    life.wasEmployed ? "职工" : "城乡居民", month.monthText, yuan(amount), life.bank,
                    life.account("bank", prefix: "622999", digits: 13), "已发放",
                ]
            }
        },
        "tax_records": Book(columns: ["month", "item", "payer", "tax", "day"]) { life in
            // Below 5,000 yuan a month nothing is due: 个人所得税法 article 6.
            guard let employer: String = life.employer, life.baseFen > 500_000 else { return [] }
            return life.months(13).map { month in
                [
                    month.monthText, "工资、薪金所得", employer, yuan((life.baseFen - 500_000) * 3 / 100),
                    month.adding(days: 40).description,
                ]
            }.filter { $0[4] <= life.today.description }
        },
        "utility_bills": Book(columns: ["kind", "account", "month", "usage", "amount", "state"]) { life in
            life.isAdult ? bills(life) : []
        },
        "old_age_allowances": Book(columns: ["month", "band", "amount", "state"]) { life in
            guard life.age >= 80 else { return [] }
            return life.months(6).map { month in
                [
                    month.monthText, life.age >= 90 ? "90至99岁" : "80至89岁", life.age >= 90 ? "200" : "100",
                    "已发放",
                ]
            }
        },
    ]

    /// What the account of the housing fund held so many months ago.
    private static func fundFen(_ life: DemoLife, months: Int) -> Int {
        let paid: Int = 24 + life.draws("fund").integer(in: 0..<90)
        return life.baseFen * 16 / 100 * (paid - months)
    }

    private static func bills(_ life: DemoLife) -> [[String]] {
        let random: SeededRandom = life.draws("bills")
        // Prices a unit, in fen; the yearly heating bill goes by the floor.
        let kinds: [(name: String, unit: String, price: Int, low: Int, high: Int)] = [
            ("电", "千瓦时", 48, 80, 260), ("水", "吨", 345, 4, 16), ("燃气", "立方米", 263, 8, 40),
        ]
        var rows: [[String]] = []
        for kind in kinds {
            for (back, month) in life.months(3).enumerated() {
                let used: Int = kind.low + random.integer(in: 0..<(kind.high - kind.low))
                rows.append([
                    kind.name, life.account(kind.name, prefix: "9", digits: 9), month.monthText,
                    "\(used)\(kind.unit)", yuan(used * kind.price), back == 0 ? "待缴" : "已缴",
                ])
            }
        }
        let floor: Int = 70 + random.integer(in: 0..<60)
        rows.append([
            "暖气", life.account("暖气", prefix: "9", digits: 9), "\(life.today.year - 1)至\(life.today.year)采暖季",
            "\(floor)㎡", yuan(floor * 1_900), "已缴",
        ])
        return rows
    }

    // MARK: Insurance and health

    private static let health: [String: Book] = [
        "social_security_cards": Book(columns: ["card", "bank", "state", "ordered", "step", "pickup"]) {
            life in
            let random: SeededRandom = life.draws("card")
            let isNew: Bool = random.integer(in: 0..<5) == 0
            return [
                [
                    life.account("card", prefix: "J", digits: 8), life.bank, isNew ? "待激活" : "正常",
                    isNew ? life.ago(12) : life.ago(900 + random.integer(in: 0..<1_500)),
                    isNew ? "已制卡，待领取" : "已领取", isNew ? "\(life.bank)凤台支行" : "",
                ]
            ]
        },
        "medical_insurance": Book(columns: ["kind", "state", "place", "since", "until", "balance"]) { life in
            let isWorker: Bool = life.employer != nil || (life.isOld && life.wasEmployed)
            let balance: Int = isWorker ? life.baseFen / 50 * (3 + life.draws("mi").integer(in: 0..<30)) : 0
            return [
                [
                    isWorker ? "职工基本医疗保险" : "城乡居民基本医疗保险", "正常参保", "晋城市城区",
                    life.ago(365 * (2 + life.draws("mi since").integer(in: 0..<8))),
                    isWorker ? life.months(1)[0].monthText : "\(life.today.year)-12", yuan(balance),
                ]
            ]
        },
        "medical_insurance_payments": Book(columns: ["period", "kind", "own", "others", "day"]) { life in
            guard life.employer != nil else {
                return (0..<3).map { back in
                    [
                        "\(life.today.year - back)年度", "城乡居民基本医疗保险", yuan(40_000 - 2_000 * back),
                        yuan(70_000 - 3_000 * back), "\(life.today.year - back - 1)-11-\(10 + back)",
                    ]
                }
            }
            return life.months(12).map { month in
                [
                    month.monthText, "职工基本医疗保险", yuan(life.baseFen * 2 / 100), yuan(life.baseFen * 7 / 100),
                    month.adding(days: 9).description,
                ]
            }
        },
        "remote_treatment": Book(columns: ["kind", "to", "day", "step", "until"]) { life in
            guard life.isAdult, life.draws("remote").integer(in: 0..<3) == 0 else { return [] }
            let place: String = life.draws("remote to").pick(["山西省太原市", "河南省郑州市", "北京市"])
            return [["临时外出就医", place, life.ago(5), "备案成功", life.ahead(360)]]
        },
        "vaccinations": Book(columns: ["vaccine", "dose", "day", "place"]) { life in
            let place: String = "东街街道社区卫生服务中心"
            if life.age < 14 {
                return [
                    ["麻腮风疫苗", "第1剂", life.person.birth.adding(days: 245).description, place],
                    ["百白破疫苗", "第4剂", life.person.birth.adding(days: 560).description, place],
                ].filter { $0[2] < life.today.description }
            }
            return [["流感疫苗", "第1剂", life.ago(40 + life.draws("flu").integer(in: 0..<300)), place]]
        },
        "family_doctors": Book(columns: ["team", "doctor", "phone", "institution", "until", "package"]) {
            life in
            let team: Int = life.draws("team").integer(in: 0..<3)
            return [
                [
                    "凤台家庭医生\(team + 1)组", ["靳慧敏", "秦文斌", "郝春梅"][team], "0356-000110\(team + 1)",
                    "东街街道社区卫生服务中心", "\(life.today.year)-12-31", life.isOld ? "老年人服务包" : "基本服务包",
                ]
            ]
        },
    ]

    // MARK: Papers, cars, houses

    private static let papers: [String: Book] = [
        "document_progress": Book(columns: ["kind", "matter", "station", "day", "step", "ready"]) { life in
            guard life.isAdult else { return [] }
            let station: String = "东街派出所"
            let step: String = life.draws("papers").pick(["审核中", "制证中", "已办结，请带受理回执领取"])
            return [
                ["户籍", "户口登记项目变更", station, life.ago(3), "审核中", life.ahead(4)],
                ["身份证", "居民身份证换领", station, life.ago(11), step, life.ahead(19)],
                ["居住证", "居住证签注", station, life.ago(6), "审核中", life.ahead(9)],
            ]
        },
        "driver_licences": Book(columns: ["licence", "classes", "points", "period", "state", "until"]) {
            life in
            guard life.drives else { return [] }
            let random: SeededRandom = life.draws("licence")
            return [
                [
                    life.account("licence", prefix: "1405990", digits: 5),
                    random.pick(["C1", "C1", "C2", "B2"]),
                    String(violations(life).reduce(0) { $0 + $1.points }),
                    life.ahead(60 + random.integer(in: 0..<300)),
                    "正常", life.ahead(400 + random.integer(in: 0..<2_500)),
                ]
            ]
        },
        "traffic_violations": Book(columns: ["plate", "day", "place", "what", "points", "fine", "state"]) {
            life in
            violations(life).map { violation in
                [
                    plate(life), life.ago(violation.daysAgo), violation.place, violation.what,
                    String(violation.points), String(violation.fineYuan),
                    violation.daysAgo > 60 ? "已处理" : "未处理",
                ]
            }
        },
        "vehicles": Book(columns: ["plate", "kind", "until", "insurance", "state"]) { life in
            guard life.drives else { return [] }
            let days: Int = 30 + life.draws("vehicle").integer(in: 0..<600)
            return [[plate(life), "小型汽车", life.ahead(days), life.ahead(days % 300 + 10), "正常"]]
        },
        "volunteer_hours": Book(columns: ["day", "activity", "hours", "organization"]) { life in
            guard life.isAdult else { return [] }
            let random: SeededRandom = life.draws("volunteer")
            return (0..<(1 + random.integer(in: 0..<4))).map { number in
                [
                    life.ago(20 + 45 * number), random.pick(["楼道清扫", "敬老送餐", "平安巡逻", "垃圾分类劝导"]),
                    String(1 + random.integer(in: 0..<4)), "凤台社区志愿服务队",
                ]
            }
        },
        "real_estate_progress": Book(columns: ["matter", "property", "day", "step", "ready"]) { life in
            guard life.isAdult, life.draws("property").integer(in: 0..<3) == 0 else { return [] }
            let number: Int = 1 + life.draws("property number").integer(in: 0..<20)
            return [["二手房转移登记", "城区东街街道凤台佳苑\(number)号楼", life.ago(2), "登簿中", life.ahead(1)]]
        },
    ]

    private static func plate(_ life: DemoLife) -> String { life.account("plate", prefix: "晋E", digits: 5) }

    private static func violations(_ life: DemoLife)
        -> [(daysAgo: Int, place: String, what: String, points: Int, fineYuan: Int)]
    {
        guard life.drives else { return [] }
        let random: SeededRandom = life.draws("violations")
        // 道路交通安全违法行为记分管理办法 (2022): red light 6 points, parking none.
        let kinds: [(String, Int, Int)] = [("违反停车规定", 0, 100), ("不按导向车道行驶", 1, 100), ("违反信号灯", 6, 200)]
        return (0..<random.integer(in: 0..<3)).map { number in
            let kind: (String, Int, Int) = random.pick(kinds)
            return (
                25 + 80 * number, random.pick(["泽州路与凤台街口", "中原街与红星街口", "建设路新市街口"]), kind.0, kind.1, kind.2
            )
        }
    }
}
