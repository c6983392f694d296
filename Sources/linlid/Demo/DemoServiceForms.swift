import Contract
import Kernel

/// How the people of the demonstration fill in forms. What the account knows is taken over and not typed.
enum DemoServiceForms {
    typealias Answer = OneStopV1.FormAnswer

    private static func known(_ questions: String...) -> [Answer] {
        questions.map { Answer(question: $0, fromKnown: true) }
    }

    private static func typed(_ values: KeyValuePairs<String, String>) -> [Answer] {
        values.map { Answer(question: $0.key, value: $0.value) }
    }

    /// A number that no bank gives out: it begins with 00.
    private static func account(_ person: DemoPerson) -> String {
        "00140599" + (person.phone?.text ?? "10000000000")
    }

    private static func home(_ person: DemoPerson) -> String {
        "organizations/\(person.home)\n演示小区\(person.birth.day)号楼2单元\(300 + person.birth.day)室"
    }

    /// ops/data/forms/general.yaml, `standard`.
    static func general(_ matter: String) -> [Answer] {
        known("applicant_name", "applicant_id", "contact_phone") + typed(["matter": matter])
    }

    /// ops/data/forms/general.yaml, 给付.
    static func benefit(_ person: DemoPerson, _ reason: String) -> [Answer] {
        known("contact_phone") + typed(["person": "self", "reason": reason, "account": account(person)])
    }

    /// 租房提取公积金.
    ///
    /// - Parameter real: the real rent is wanted and not the standard, which takes the lease.
    static func rent(_ person: DemoPerson, fen: Int64, real: Bool = false) -> [Answer] {
        known("applicant", "applicant_id", "contact_phone")
            + typed([
                "months_paid": "26", "owns_home": "no", "married": "no", "home": home(person),
                "rent": String(fen), "above_standard": real ? "yes" : "no", "account": account(person),
                "promise": "yes",
            ])
    }

    /// 临时救助 after a fire.
    static func emergency(_ person: DemoPerson) -> [Answer] {
        known("applicant", "contact_phone")
            + typed([
                "home": home(person), "cause": "accident", "urgent": "yes", "people": "3", "income": "180000",
                "received": "no", "consent": "yes",
            ])
    }

    /// 灵活就业人员企业职工养老保险参保登记; beginning on the day of the application.
    static func pension(from date: CivilDate) -> [Answer] {
        known("applicant", "applicant_id", "contact_phone")
            + typed([
                "employed": "no", "retired": "no", "base": "p60", "paying": "month",
                "start": date.description,
            ])
    }

    /// 失业登记.
    static func unemployment(_ person: DemoPerson, lastDay: CivilDate) -> [Answer] {
        known("applicant", "applicant_id", "contact_phone")
            + typed([
                "home": home(person), "working": "no", "seeking": "yes", "worked_before": "yes",
                "last_day": lastDay.description, "leaving": "expired", "education": "high", "wish": "超市理货、收银",
            ])
    }

    /// 普通护照签发; who applies comes to the window two days later.
    static func passport(visit: CivilDate) -> [Answer] {
        known("contact_phone")
            + typed([
                "person": "self", "reason": "first", "restricted": "no", "visit": visit.description,
                "delivery": "counter",
            ])
    }

    /// 异地长期居住人员备案.
    static func abroad(from date: CivilDate) -> [Answer] {
        known("contact_phone")
            + typed([
                "person": "self", "insured_here": "yes", "insurance": "resident", "destination": "山西省太原市",
                "start": date.description, "proof_kind": "promise", "promise": "yes",
            ])
    }

    /// 个体工商户设立登记 of somebody who sells on line.
    static func shop() -> [Answer] {
        known("owner", "owner_id", "contact_phone")
            + typed([
                "named": "yes", "shop_name": "凤台小满土特产", "trade": "online", "scope": "小米、核桃、红枣等农产品销售",
                "shop_link": "https://shop.example/demo", "capital": "2000000", "staff": "2",
                "official": "no",
            ])
    }

    /// 新生儿出生一件事, for all parts together.
    static func newborn(_ person: DemoPerson, born: CivilDate) -> [Answer] {
        known("applicant", "applicant_id", "contact_phone")
            + typed([
                "parent": "mother", "other_parent": "no", "child_name": "\(person.name.text.prefix(1))安安",
                "child_sex": "girl",
                "birth_date": born.description, "hospital": "晋城市妇幼保健院（演示）", "registered_with": "me",
                "household_here": "yes", "nation": "汉族", "home": home(person),
                "first_doses": "both", "insured_elsewhere": "no", "family_account": "no", "promise": "yes",
            ])
    }

    /// 低收入家庭证明开具.
    static func lowIncome(recognised date: CivilDate) -> [Answer] {
        known("applicant", "applicant_id", "contact_phone")
            + typed([
                "receiver": "泽州路小学", "purpose": "school", "recognized": "yes", "people": "3",
                "recognised_on": date.description,
            ])
    }
}
