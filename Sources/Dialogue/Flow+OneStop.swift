internal import Kernel

// Government services: which request starts a flow, and which screen follows an answer.

extension Turn {
    /// Starts a flow of government services; false if it is none.
    mutating func beginOneStop(_ flow: String, words: String) -> Bool {
        switch flow {
        case Flow.myApplications: callSignedIn(.oneStop(.applications(page: "")))
        case Flow.ratings: callSignedIn(.oneStop(.ratings(page: "")))
        case Flow.household: callSignedIn(.oneStop(.household))
        case Flow.dataAccesses: callSignedIn(.oneStop(.dataAccesses))
        case Flow.mandates: callSignedIn(.oneStop(.mandates(page: "")))
        case Flow.bundles: call(.oneStop(.bundles(words: words)))
        case Flow.certificates: callSignedIn(.oneStop(.certificates(page: "")))
        case Flow.verifyCertificate: begin(Self.checkCertificateForm)
        case Flow.proof:
            words.isEmpty
                ? begin(Self.proofForm) : call(.oneStop(.findProof(words: Answer(words).searchWords)))
        case Flow.appointments: callSignedIn(.oneStop(.appointments(page: "")))
        case Flow.ticket: beginTicket()
        case Flow.verifyIdentity:
            guard let person = state.person else {
                state.afterSignIn = .start(flow: flow, words: "")
                say(Words.signInFirst)
                askSignIn()
                return true
            }
            guard person.identityLevel < 2 else {
                say(Text("您的身份已经核对过了。", "Your identity is verified already."))
                show()
                return true
            }
            begin(Self.verifyForm)
        case Flow.kioskSignIn:
            guard state.person != nil else {
                state.afterSignIn = .start(flow: flow, words: words)
                say(Words.signInFirst)
                askSignIn()
                return true
            }
            beginKioskSignIn(words)
        default: return false
        }
        return true
    }

    /// “确认一体机登录 AB12CD34”: the code may come with the words.
    private mutating func beginKioskSignIn(_ words: String) {
        let code = words.split { $0 == " " || $0 == "　" }.last.map(String.init) ?? ""
        guard code.count >= 8, code.utf8.allSatisfy({ $0 < 0x80 }) else { return begin(Self.kioskForm) }
        call(.oneStop(.kiosk(code: code)))
    }

    /// The act of a finished form about government services; nil if it is another form.
    func oneStopRequest(for run: FormRun, requestID: String) -> OneStopRequest? {
        let asked = Set(run.visible.map { run.form.questions[$0].id })
        let value = { (id: String) in asked.contains(id) ? run.answers[id]?.value ?? "" : "" }
        let context = { (key: String) in run.form.context[key] ?? "" }
        switch run.form.id {
        case Flow.apply: return .submit(submission(run), requestID: requestID)
        case Flow.bundle:
            return .submitBundle(
                name: context("bundle"),
                optionalItems: context("optional").split(separator: " ").map(String.init),
                answers: run.submittedAnswers, requestID: requestID)
        case Flow.query:
            return .runQuery(
                item: context("item"), parameters: run.submittedAnswers, mandate: context("mandate"),
                requestID: requestID)
        case Flow.supplement:
            return .supplement(
                application: context("application"),
                answers: run.submittedAnswers.filter { $0.question != Self.supplementNote },
                note: value(Self.supplementNote), requestID: requestID)
        case Flow.withdraw:
            return .withdraw(
                application: context("application"), reason: value("reason"), requestID: requestID)
        case Flow.rateService:
            return .rate(
                subject: context("subject"), grade: Int(value("rating")) ?? 0,
                comment: value("comment") + value("praise"), claim: context("claim"), requestID: requestID)
        case Flow.confirmRectification:
            return .confirmRectification(
                rating: context("rating"), isSatisfied: context("satisfied") == "yes",
                comment: value("comment"),
                requestID: requestID)
        default: return smallRequest(for: run, value, context, requestID)
        }
    }

    private func smallRequest(
        for run: FormRun, _ value: (String) -> String, _ context: (String) -> String, _ requestID: String
    ) -> OneStopRequest? {
        switch run.form.id {
        case Flow.addMember:
            let relation = HouseholdMemberView.Relation(rawValue: value("relation")) ?? .other
            let member = NewMember(name: value("name"), relation: relation, idNumber: value("id_number"))
            return .addMember(member, requestID: requestID)
        case Flow.createMandate:
            let mandate = NewMandate(
                item: context("item"), agentPhone: value("agent_phone"), agentName: value("agent_name"),
                agentAccount: value("agent_account").lowercased(),
                days: Int(value("days")) ?? 0)
            return .createMandate(mandate, requestID: requestID)
        case Flow.verifyIdentity:
            return .verifyIdentity(
                idNumber: value("id_number"), name: value("name"), code: value("code"), requestID: requestID)
        case Flow.kioskSignIn: return .kiosk(code: value("code"))
        case Flow.saveCertificate:
            let path = Validator.path(value("path"))
            return .saveCertificate(
                name: context("name"), path: path.isEmpty ? "\(context("number")).pdf" : path)
        case Flow.verifyCertificate: return .verifyCertificate(text: value("text"))
        case Flow.proof: return .findProof(words: Answer(value("words")).searchWords)
        case Flow.book:
            guard value("sure") == "yes" else { return nil }
            let appointment = NewAppointment(
                hall: context("hall"), group: context("group"),
                start: Instant(milliseconds: Int64(context("start")) ?? 0), item: context("item"))
            return .book(appointment, requestID: requestID)
        default: return nil
        }
    }

    /// The screen that follows an answer of the server.
    mutating func received(_ response: OneStopResponse) {
        switch response {
        case .applyChoice(let item, let title, let mandates):
            showApplyChoice(item: item, title: title, mandates: mandates)
        case .form(let form): showForm(form)
        case .checked(let check): received(check)
        case .submitted(let application): showSubmitted(application)
        case .uploaded(let name, let shown): accept(AnswerValue(value: name, shown: shown))
        case .applications(let applications, let next): showApplications(applications, next: next)
        case .application(let application): showApplication(application)
        case .supplementForm(let application, let form): showSupplementForm(application, form)
        case .supplemented(let application): showDone(Text("补上了，部门接着办。", "Handed in."), application)
        case .withdrawn(let application): showDone(Text("已经撤回。", "It is withdrawn."), application)
        case .urged(let application):
            showDone(Text("已经催过了，部门会看到。期限不变。", "The department sees it. The deadline stays."), application)
        case .rated(let rating): showRating(Words.thanksForRating, rating)
        case .ratings(let ratings, let next): showRatings(ratings, next: next)
        case .rectificationConfirmed(let rating):
            showRating(Text("知道了，谢谢您。", "Noted, thank you."), rating)
        case .household(let members): received(members)
        case .memberAdded(let member): added(member)
        default: receivedMore(response)
        }
    }

    private mutating func receivedMore(_ response: OneStopResponse) {
        switch response {
        case .mandates(let mandates, let next): showMandates(mandates, next: next)
        case .mandateCreated(let mandate): showMandateCreated(mandate)
        case .bundles(let bundles, let words): showBundles(bundles, words: words)
        case .bundleForm(let bundle, let optional, let form): showBundleForm(bundle, optional, form)
        case .bundleSubmitted(let bundle): showBundleSubmitted(bundle)
        case .bundleCases(let bundles, let next): showBundleCases(bundles, next: next)
        case .bundleCase(let bundle): showBundleCase(bundle)
        case .query(let query): showQuery(query)
        case .queryAnswer(let answer): showQueryAnswer(answer)
        case .dataAccesses(let accesses): showDataAccesses(accesses)
        case .certificates(let certificates, let next): showCertificates(certificates, next: next)
        case .certificate(let certificate): showCertificate(certificate)
        case .saved(let path): saved(path)
        case .verified(let found): showVerified(found)
        case .proofs(let types, let refused, let words): showProofs(types, refused, words: words)
        case .halls(let halls, let purpose): showHalls(halls, purpose)
        case .slots(let slots, let hall, let group): showSlots(slots, hall: hall, group: group)
        case .booked(let appointment): showBooked(appointment)
        case .appointments(let appointments, let next): showAppointments(appointments, next: next)
        case .ticketTaken(let ticket): showTicket(ticket, isNew: true)
        case .ticket(let ticket): showTicket(ticket, isNew: false)
        case .identityVerified(let person): identityVerified(person)
        case .kiosk(let text, let code): showKiosk(text, code: code)
        case .acted(let act, let text): acted(act, text)
        default: show()
        }
    }

    /// A small act is done: its screen is out of date.
    private mutating func acted(_ act: Act, _ text: String) {
        switch act {
        case .urge: show()
        case .removeMember:
            say(Text("已经去掉。", "Taken off."))
            pop()
            call(.oneStop(.household))
        case .revokeMandate:
            say(Text("委托已收回。", "The mandate is taken back."))
            pop()
            call(.oneStop(.mandates(page: "")))
        case .cancelAppointment:
            say(Text("预约已取消。", "The appointment is cancelled."))
            pop()
            call(.oneStop(.appointments(page: "")))
        case .cancelTicket:
            state.ticket = nil
            say(Text("号已经退了。", "The ticket is given back."))
            goHome()
        case .confirmKioskSignIn:
            say(Text("已确认。请看\(text)的屏幕，接着在那里办。", "Confirmed. Please go on at \(text)."))
            show()
        case .forgetAnswers:
            say(
                Text(
                    "已删除 \(text) 条。交上去的办件不变。",
                    "\(text) deleted. Applications that were sent stay as they are."))
            show()
        }
    }

    /// What follows a refusal, beyond what was said. Returns true if it leads on by itself.
    mutating func leadsOn(after failure: Failure, of request: Request?) -> Bool {
        guard let request else { return false }
        switch failure.reason {
        case "IDENTITY_LEVEL_TOO_LOW":
            verifyFirst(then: .callSignedIn(request), level: failure.requiredLevel)
            return true
        case "ITEM_CHANGED":
            guard let run, run.form.id == Flow.apply else { return false }
            call(
                .oneStop(
                    .form(item: run.form.context["item"] ?? "", mandate: run.form.context["mandate"] ?? "")))
            return true
        default: break
        }
        // What is wrong with single answers leads back to them; nothing else is lost.
        guard let run, !failure.fields.isEmpty, run.form.hasSummary else { return false }
        let known = failure.fields.filter { field, _ in run.form.questions.contains { $0.id == field } }
        guard !known.isEmpty else { return false }
        update { run in
            run.requestID = nil
            run.isAccepted = false
            for (field, text) in known {
                run.problems[field] = text
                run.demanded.insert(field)
            }
        }
        advance()
        return true
    }
}
