import Kernel
import Platform
import Testing

@testable import OneStop

@Suite struct FormRulesTests {
    @Test(arguments: [
        ("kind: text, max: 4", "四个字的", "四个字的"), ("kind: text, max: 4", "五个字的呢", "TEXT_LENGTH"),
        ("kind: text, min: 2", "一", "TEXT_LENGTH"), ("kind: text", "两\n行", "TEXT_CHARACTERS"),
        ("kind: long_text", "两\r\n行", "两\n行"),
        ("kind: phone, known_as: phone", "１００００００００３１", "10000000031"),
        ("kind: phone, known_as: phone", "0356－2221234", "0356-2221234"),
        ("kind: phone, known_as: phone", "（010）62345678", "010-62345678"),
        ("kind: phone, known_as: phone", "0356-1221234", "PHONE_INVALID"),
        ("kind: phone, known_as: phone", "2221234", "PHONE_INVALID"),
        ("kind: date", "２０２６年３月１日", "2026-03-01"), ("kind: date", "2026.3.1", "2026-03-01"),
        ("kind: date", "20260301", "2026-03-01"), ("kind: date", "2026-02-29", "DATE_INVALID"),
        ("kind: date", "3月1日", "DATE_INVALID"),
        ("kind: money, max: 10000", "１００００", "10000"),
        ("kind: money, max: 10000", "10001", "MONEY_OUT_OF_RANGE"),
        ("kind: money", "-1", "MONEY_OUT_OF_RANGE"),
        ("kind: number, min: 1, max: 20", "２０", "20"),
        ("kind: number, min: 1, max: 20", "21", "NUMBER_OUT_OF_RANGE"),
        ("kind: number, min: 1, max: 20", "0", "NUMBER_OUT_OF_RANGE"),
        ("kind: number", "十", "NUMBER_OUT_OF_RANGE"),
        ("kind: yes_no", "yes", "yes"), ("kind: yes_no", "是", "YES_OR_NO"),
        ("kind: choice, choices: {a: 甲, b: 乙}", "b", "b"),
        ("kind: choice, choices: {a: 甲, b: 乙}", "c", "CHOICE_UNKNOWN"),
        ("kind: file", "files/paper", "files/paper"), ("kind: file", "files/other", "FILE_UNKNOWN"),
        ("kind: file, types: [image/jpeg]", "files/paper", "FILE_TYPE"),
        ("kind: name, known_as: name", "阿依古丽•买买提", "阿依古丽·买买提"),
        ("kind: name, known_as: name", "张3", "NAME_INVALID"),
        ("kind: bank_account, known_as: bank_account", "６２２２ ０２１０ ０１１２ ３４５６ ７８９", "6222021001123456789"),
        ("kind: bank_account, known_as: bank_account", "12345678901", "BANK_ACCOUNT_INVALID"),
        ("kind: bank_account, known_as: bank_account", "123456789012", "123456789012"),
        ("kind: bank_account, known_as: bank_account", "12345678901234567890", "BANK_ACCOUNT_INVALID"),
        ("kind: household_member", "householdMembers/nobody", "PERSON_UNKNOWN"),
        ("kind: id_number, known_as: id_number", "140599900101123", "ID_NUMBER_15_DIGITS"),
        ("kind: credit_code, known_as: code", "9114O500MA0H12345X", "CREDIT_CODE_INVALID"),
    ])
    func answersAreForgivenInFormAndStrictInContent(_ words: String, _ input: String, _ expected: String)
        throws
    {
        #expect(answer(input, try question(words)) == expected)
    }

    @Test func anAddressIsAPlaceAndALine() throws {
        let address = try question("kind: address, known_as: home")
        #expect(answer("organizations/140502001000\n 凤台街１号 ", address) == "organizations/140502001000\n凤台街１号")
        #expect(answer("organizations/140502001000\r\n凤台街1号", address) == "organizations/140502001000\n凤台街1号")
        #expect(answer("organizations/140502001000\n路", address) == "ADDRESS_LINE")
        #expect(answer("organizations/140502001000", address) == "ADDRESS_LINE")
        #expect(answer("organizations/999999999999\n凤台街1号", address) == "PLACE_UNKNOWN")
        let longest = String(repeating: "字", count: FormLimits.addressCharacters.upperBound)
        #expect(answer("organizations/140502001000\n" + longest, address).hasSuffix(longest))
        #expect(answer("organizations/140502001000\n" + longest + "字", address) == "ADDRESS_LINE")
    }

    @Test func daysHaveBoundsThatMayMoveWithToday() throws {
        let visit = try question("kind: date, earliest: today+1, latest: today+30")
        #expect(answer(formToday.description, visit) == "DATE_TOO_EARLY")
        #expect(answer(formToday.adding(days: 1).description, visit) == formToday.adding(days: 1).description)
        #expect(
            answer(formToday.adding(days: 30).description, visit) == formToday.adding(days: 30).description)
        #expect(answer(formToday.adding(days: 31).description, visit) == "DATE_TOO_LATE")
    }

    private static let school: String = """
        questions:
          - {id: child, kind: household_member, ask: 谁, label: 孩子}
          - {id: own, kind: yes_no, ask: 房, label: 房}
          - {id: lease, kind: file, shown_if: [{question: own, is: "no"}], ask: 合同, label: 合同}
          - {id: guardian, kind: text, shown_if: {question: "age:child", at_most: 15}, ask: 谁陪, label: 陪同}
          - {id: note, kind: text, optional: true, ask: 还有吗, label: 备注}
        eligibility:
          - {id: six, text: 满六岁, advice: 明年再来, basis: 义务教育法第十一条, needs: [{question: "age:child", at_least: 6}]}
          - {id: leased, text: 有合同, advice: 先签合同, when: [{question: own, is: "no"}], needs: [{question: lease, present: true}]}
        """

    @Test func questionsAppearByEarlierAnswersAndAge() throws {
        let school = try form(Self.school)
        var findings = FormRules.check(school, [:], formContext())
        #expect(findings.visible == ["child", "own", "note"])
        #expect(findings.nextQuestion == "child")
        #expect(findings.missing == ["child", "own"])
        findings = FormRules.check(
            school, ["child": "householdMembers/child", "own": "no"], formContext())
        #expect(findings.visible == ["child", "own", "lease", "guardian", "note"])
        #expect(findings.nextQuestion == "lease")
        findings = FormRules.check(
            school, ["child": "self", "own": "yes", "lease": "files/gone"], formContext())
        #expect(findings.visible == ["child", "own", "note"])
        #expect(findings.isComplete, "an answer to a question that is not asked counts for nothing")
        #expect(findings.nextQuestion == nil)
        #expect(findings.values["lease"] == nil)
    }

    @Test func whoMayNotApplyLearnsWhichRuleFailsAndOnItsBirthdayItHolds() throws {
        let school = try form(Self.school)
        let answers = ["child": "householdMembers/x", "own": "yes", "guardian": "妈妈"]
        var context = formContext()
        let birth = try #require(CivilDate(year: 2_020, month: 3, day: 1))
        context.people.append(
            FormPerson(
                name: "householdMembers/x", fullName: "小明",
                idNumber: IDNumber(syntheticBornOn: birth, sequence: 9).text))
        context.today = try #require(CivilDate(year: 2_026, month: 2, day: 28))
        let failed = FormRules.check(school, answers, context)
        #expect(failed.failedRules.map(\.id) == ["six"])
        #expect(!failed.isComplete)
        let refusal = try #require(failed.refusal(school))
        #expect(refusal.reason == "NOT_ELIGIBLE")
        #expect(refusal.zh.contains("义务教育法第十一条") && refusal.zh.contains("明年再来"))
        context.today = birth.adding(months: 72)
        #expect(FormRules.check(school, answers, context).isComplete)
    }

    @Test func anAgeThatNobodyKnowsIsAskedFor() throws {
        let school = try form(Self.school)
        let findings = FormRules.check(
            school, ["child": "householdMembers/unknown", "own": "yes"], formContext())
        #expect(findings.problems.map(\.reason) == ["PERSON_WITHOUT_ID_NUMBER"])
        #expect(findings.nextQuestion == "child")
        #expect(findings.failedRules.isEmpty, "what is not known is not held against anybody")
    }

    @Test func anAnswerThatTheFormDoesNotAskForIsTold() throws {
        let findings = FormRules.check(try form(Self.school), ["other": "1"], formContext())
        #expect(findings.problems.map(\.reason) == ["QUESTION_UNKNOWN"])
    }

    @Test func aPersonIsKeptWholeAndStaysGoodWhenTheHouseholdChanges() throws {
        let school = try form(Self.school)
        var context = formContext()
        let kept = try #require(
            FormRules.check(school, ["child": "householdMembers/child"], context).values["child"])
        #expect(KeptPerson(kept).fullName == "张小宝")
        #expect(KeptPerson(kept).idNumber.count == 18)
        context.people = []
        #expect(
            FormRules.check(school, ["child": kept], context).problems.map(\.reason) == ["PERSON_UNKNOWN"])
        context.kept = ["child": kept]
        #expect(FormRules.check(school, ["child": kept], context).problems.isEmpty)
    }

    @Test func personalAnswersAreMasked() throws {
        let context = formContext()
        func masked(_ words: String, _ value: String) throws -> String {
            FormValues.shown(value, try question(words), context, masked: true).zh
        }
        #expect(try masked("kind: phone, known_as: phone", "10000000031") == "100****0031")
        #expect(
            try masked("kind: id_number, known_as: id_number", "14059919900101123X") == "1405************3X")
        #expect(try masked("kind: bank_account, known_as: a", "6222021001123456789") == "***************6789")
        let address = try masked("kind: address, known_as: home", "organizations/140502001000\n凤台街1号")
        #expect(address == "晋城市城区东****")
        let person = KeptPerson(context.people[1]).value
        let shown = try masked("kind: household_member", person)
        #expect(shown.hasPrefix("张*宝（1405************"))
    }

    @Test func aFormSurvivesTheStore() throws {
        let school = try form(Self.school)
        #expect(try coded(school) == school)
    }

    @Test func theRulesOfALongFormTakeAMillisecondAtMost() throws {
        var lines = "questions:\n"
        for index in 0..<FormLimits.questions {
            let shown = index == 0 ? "" : ", shown_if: [{question: q\(index - 1), at_least: 1}]"
            lines += "  - {id: q\(index), kind: number, ask: 数, label: 数\(shown)}\n"
        }
        let long = try form(lines)
        let answers = Dictionary(uniqueKeysWithValues: long.questions.map { ($0.id, "７") })
        let clock = ContinuousClock()
        let best = (0..<20).map { _ in
            clock.measure { #expect(FormRules.check(long, answers, formContext()).isComplete) }
        }.min()
        // Ten times what it takes without optimization on a machine that is busy.
        #expect(try #require(best) < .milliseconds(50))
    }
}
