internal import Kernel

/// Checks words against the kind of a question. What the server checks again is checked here first only to spare people
/// a wasted step; a problem always says what to type instead.
struct Validator {
    struct Problem: Error, Equatable {
        var text: Text
    }

    let question: Question
    let language: Language
    let today: CivilDate

    func check(_ answer: Answer) -> Result<AnswerValue, Problem> {
        switch question.kind {
        case .text(let min, let max), .longText(let min, let max): checkText(answer.text, min, max)
        case .secret(let min, let max): checkSecret(answer.text, min, max)
        case .phone:
            parsed { () throws(Refusal) in
                try PhoneNumber(parsing: answer.text, synthetic: .allowed)
            } shown: {
                ($0.text, $0.masked)
            }
        case .idNumber:
            parsed { () throws(Refusal) in
                try IDNumber(parsing: answer.text, today: today, synthetic: .allowed)
            } shown: {
                ($0.text, $0.masked)
            }.map { value in
                var value = value
                value.age = IDNumber(stored: value.value).birthDate?.completedYears(on: today)
                return value
            }
        case .name:
            parsed { () throws(Refusal) in
                try FullName(parsing: answer.text)
            } shown: {
                ($0.text, $0.text)
            }
        case .reportNumber:
            parsed { () throws(Refusal) in
                try CheckedNumber(parsing: answer.text, kind: .caseNumber)
            } shown: {
                ($0.description, $0.spaced)
            }
        case .money(let max): checkMoney(answer.text, max)
        case .number(let min, let max): checkNumber(answer, min, max)
        case .code(let digits): checkCode(answer.token, digits)
        case .date(let earliest, let latest): checkDate(answer.token, earliest, latest)
        case .address: checkText(answer.text, 1, Limit.addressCharacters)
        case .creditCode:
            parsed { () throws(Refusal) in
                try CreditCode(parsing: answer.text, synthetic: .allowed)
            } shown: {
                ($0.text, $0.text)
            }
        case .bankAccount: checkBankAccount(answer.token)
        case .choice, .yesNo, .place, .photo, .file, .member: .failure(Problem(text: Words.rephrase))
        }
    }

    /// The values of Kernel refuse with a text for people.
    private func parsed<T>(_ parse: () throws(Refusal) -> T, shown: (T) -> (String, String)) -> Result<
        AnswerValue, Problem
    > {
        do {
            let (value, text) = shown(try parse())
            return .success(AnswerValue(value: value, shown: text))
        } catch {
            // The text of the field says more than that of the whole.
            let field = error.fields.first
            return .failure(Problem(text: Text(field?.zh ?? error.zh, field?.en ?? error.en)))
        }
    }

    private func checkText(_ text: String, _ min: Int, _ max: Int) -> Result<AnswerValue, Problem> {
        guard text.count >= min else {
            return .failure(
                Problem(
                    text: Text("太短了，至少 \(min) 个字。请说详细一点。", "Too short: at least \(min) characters, please.")))
        }
        guard text.unicodeScalars.count <= max else {
            let count = text.unicodeScalars.count
            return .failure(
                Problem(
                    text: Text(
                        "太长了：\(count) 个字，最多 \(max) 个字。请说短一点。",
                        "Too long: \(count) characters, at most \(max).")))
        }
        return .success(AnswerValue(value: text, shown: text))
    }

    private func checkSecret(_ text: String, _ min: Int, _ max: Int) -> Result<AnswerValue, Problem> {
        guard (min...max).contains(text.unicodeScalars.count) else {
            return .failure(
                Problem(
                    text: Text("密码要 \(min) 到 \(max) 个字符。", "The password has \(min) to \(max) characters.")))
        }
        return .success(AnswerValue(value: text, shown: "••••••"))
    }

    private func checkMoney(_ text: String, _ max: Int64) -> Result<AnswerValue, Problem> {
        let result = parsed { () throws(Refusal) in
            try Fen(parsing: text, field: "amount")
        } shown: {
            (String($0.amount), $0.description)
        }
        guard case .success(let value) = result, let fen = Int64(value.value), !(0...max).contains(fen) else {
            return result
        }
        let limit = Fen(max).description
        return .failure(
            Problem(text: Text("金额要在 0 到 \(limit) 之间。", "The amount must lie between 0 and \(limit).")))
    }

    private func checkNumber(_ answer: Answer, _ min: Int, _ max: Int) -> Result<AnswerValue, Problem> {
        let number = answer.number ?? Int(answer.token)
        guard let number, (min...max).contains(number) else {
            return .failure(
                Problem(text: Text("请输入 \(min) 到 \(max) 的数字。", "Please type a number from \(min) to \(max)."))
            )
        }
        return .success(AnswerValue(value: String(number), shown: String(number)))
    }

    private func checkCode(_ token: String, _ digits: Int) -> Result<AnswerValue, Problem> {
        let code = token.filter { $0 != " " && $0 != "-" }
        guard ASCII.isDigits(code, count: digits...digits) else {
            return .failure(
                Problem(
                    text: Text(
                        "验证码是 \(digits) 位数字，请看短信。",
                        "The code has \(digits) digits. Please look at the message.")))
        }
        return .success(AnswerValue(value: code, shown: "••••••"))
    }

    private func checkBankAccount(_ token: String) -> Result<AnswerValue, Problem> {
        let number = token.filter { $0 != " " && $0 != "-" }
        guard ASCII.isDigits(number, count: 12...19) else {
            return .failure(
                Problem(
                    text: Text(
                        "银行卡号是 12 到 19 位数字，请看卡上的号码。",
                        "A bank account has 12 to 19 digits. Please look at the card.")))
        }
        return .success(AnswerValue(value: number, shown: Masking.account(number)))
    }

    private func checkDate(
        _ token: String, _ earliest: String, _ latest: String
    ) -> Result<AnswerValue, Problem> {
        guard let date = date(token) else {
            return .failure(
                Problem(
                    text: Text(
                        "没看懂日期。请这样写：2026-03-01，或者 3月1日、明天。",
                        "Please write the date as 2026-03-01, or say tomorrow.")))
        }
        if let bound = CivilDate(earliest), date < bound {
            let text = Text(
                "日期太早了，最早是 \(bound.text(in: .chinese))。",
                "That is too early: not before \(bound.text(in: .english)).")
            return .failure(Problem(text: text))
        }
        if let bound = CivilDate(latest), date > bound {
            let text = Text(
                "日期太晚了，最晚是 \(bound.text(in: .chinese))。",
                "That is too late: not after \(bound.text(in: .english)).")
            return .failure(Problem(text: text))
        }
        let age = date <= today ? date.completedYears(on: today) : nil
        return .success(AnswerValue(value: date.description, shown: date.text(in: language), age: age))
    }

    /// A day without a year is the next one with that month and day.
    private func date(_ token: String) -> CivilDate? {
        let near = [
            "前天": -2, "昨天": -1, "yesterday": -1, "今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2,
        ]
        if let days = near[token] { return today.adding(days: days) }
        if ASCII.isDigits(token, count: 8...8), let number = Int(token) {
            return CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        let parts = token.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
        let signs = token.filter { !($0.isASCII && $0.isNumber) && $0 != " " }
        switch (parts.count, signs) {
        case (3, "--"), (3, "//"), (3, ".."), (3, "年月日"), (3, "年月号"), (3, "年月"):
            return CivilDate(year: parts[0], month: parts[1], day: parts[2])
        case (2, "月日"), (2, "月号"), (2, "月"):
            guard let date = CivilDate(year: today.year, month: parts[0], day: parts[1]) else { return nil }
            return date >= today ? date : CivilDate(year: today.year + 1, month: parts[0], day: parts[1])
        default: return nil
        }
    }

    /// A path as people type or drop it into a terminal: quoted, with escaped spaces, or as a file URL.
    static func path(_ text: String) -> String {
        var path = text
        if path.hasPrefix("file://") { path = String(path.dropFirst("file://".count)) }
        for quote in ["'", "\""] where path.count >= 2 && path.hasPrefix(quote) && path.hasSuffix(quote) {
            path = String(path.dropFirst().dropLast())
        }
        var plain = ""
        var isEscaped = false
        for character in path {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            plain.append(character)
            isEscaped = false
        }
        return plain
    }
}
