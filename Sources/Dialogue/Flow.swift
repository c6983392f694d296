internal import Kernel

/// The ids of the flows that a menu entry can start, as `flow:report` in the menu's data.
package enum Flow {
    package static let report = "report"
    package static let myReports = "my_reports"
    package static let reportByNumber = "report_by_number"
    package static let inbox = "inbox"
    package static let points = "points"
    package static let offers = "offers"
    package static let shops = "shops"
    package static let myOrders = "my_orders"
    package static let guide = "guide"
    package static let myApplications = "my_applications"
    package static let ratings = "ratings"
    package static let certificates = "certificates"
    package static let verifyCertificate = "verify_certificate"
    package static let proof = "proof"
    package static let appointments = "appointments"
    package static let ticket = "ticket"
    package static let mandates = "mandates"
    package static let bundles = "bundles"
    package static let household = "household"
    package static let verifyIdentity = "verify_identity"
    package static let kioskSignIn = "kiosk_sign_in"
    package static let dataAccesses = "data_accesses"
    package static let signIn = "sign_in"
    package static let register = "register"
    package static let signOut = "sign_out"
    package static let account = "account"
    package static let human = "human"
    package static let help = "help"
    package static let language = "language"
    package static let quit = "quit"

    /// Every flow; a menu that names another one is refused when it is read.
    package static let all: Set<String> = [
        report, myReports, reportByNumber, inbox, points, offers, shops, myOrders, guide, signIn, register,
        signOut, account, human, help, language, quit, myApplications, ratings, certificates,
        verifyCertificate, proof, appointments, ticket, mandates, bundles, household, verifyIdentity,
        kioskSignIn, dataAccesses,
    ]

    /// What makes no sense on a machine in a public place: it is left out of the menus there.
    package static let notAtKiosk: Set<String> = [quit, kioskSignIn, register]

    // Forms that belong to one thing and are not in a menu.
    static let apply = "apply"
    static let bundle = "bundle"
    static let query = "query"
    static let supplement = "supplement"
    static let withdraw = "withdraw"
    static let rateService = "rate_service"
    static let confirmRectification = "confirm_rectification"
    static let addMember = "add_member"
    static let createMandate = "create_mandate"
    static let saveCertificate = "save_certificate"
    static let book = "book"
    static let rate = "rate"
    static let reopen = "reopen"
    static let redeem = "redeem"
    static let order = "order"
    static let shopPlace = "shop_place"
    static let cancelOrder = "cancel_order"
}

/// Names of answers that are kept between forms.
enum KnownAnswer {
    static let place = "place"
    static let phone = "phone"
    static let address = "address"
}

extension Turn {
    /// Starts a flow. `words` are what the person said to get here; they are not asked for again.
    mutating func begin(_ flow: String, words: String) {
        popQuestions()
        switch flow {
        case Flow.report: callSignedIn(.reportCategories(words: words))
        case Flow.myReports: callSignedIn(.reports(page: ""))
        case Flow.reportByNumber: begin(Self.numberForm)
        case Flow.inbox: callSignedIn(.inbox(page: ""))
        case Flow.points: callSignedIn(.points)
        case Flow.offers: callSignedIn(.offers)
        case Flow.shops: callSignedIn(.trades(words: words))
        case Flow.myOrders: callSignedIn(.orders(page: ""))
        case Flow.guide:
            words.isEmpty ? begin(Self.guideForm) : call(.findServices(words: Answer(words).searchWords))
        case Flow.signIn, Flow.register, Flow.signOut, Flow.account: beginAccount(flow)
        case Flow.human: askHuman()
        case Flow.help: help()
        case Flow.language: chooseLanguage()
        case Flow.quit: perform(.quit)
        default:
            if beginOneStop(flow, words: words) { return }
            say(Words.notHere)
            show()
        }
    }

    /// The act of a finished form; nil if there is nothing to ask the server.
    func request(for run: FormRun, requestID: String) -> Request? {
        // An answer to a question that a later change made senseless is not sent.
        let asked = Set(run.visible.map { run.form.questions[$0].id })
        let value = { (id: String) in asked.contains(id) ? run.answers[id]?.value ?? "" : "" }
        let context = { (key: String) in run.form.context[key] ?? "" }
        switch run.form.id {
        case Flow.signIn:
            return .signIn(phone: value("phone"), code: value("code"), password: value("password"))
        case Flow.register:
            return .register(
                phone: value("phone"), code: value("code"), name: value("name"), password: value("password"),
                requestID: requestID)
        case Flow.report:
            let report = NewReport(
                category: value("category"), description: value("description"), place: value("place"),
                spot: value("spot"), photoPath: value("photo"))
            return .createReport(report, requestID: requestID)
        case Flow.reportByNumber: return .report(number: value("number"))
        case Flow.rate:
            return .rateReport(
                number: context("number"), rating: Int(value("rating")) ?? 0,
                comment: value("comment") + value("praise"),
                requestID: requestID)
        case Flow.reopen:
            return .reopenReport(number: context("number"), reason: value("reason"), requestID: requestID)
        case Flow.redeem: return .redeem(offer: context("offer"), requestID: requestID)
        case Flow.guide: return .findServices(words: Answer(value("words")).searchWords)
        case Flow.shopPlace:
            return .shops(
                ShopQuery(place: value("place"), trade: context("trade"), words: context("words"), page: ""))
        case Flow.order:
            let offer = value("offer")
            let order = NewOrder(
                shop: context("shop"), offer: offer == Self.otherOffer ? "" : offer, note: value("note"),
                address: value("address"))
            return .order(order, requestID: requestID)
        default: return oneStopRequest(for: run, requestID: requestID).map(Request.oneStop)
        }
    }

    /// What the server answered, and the screen that follows.
    mutating func received(_ response: Response, to request: Request) {
        switch response {
        case .codeSent(let seconds): receivedCode(lifetimeSeconds: seconds)
        case .signedIn(let person): signedIn(person)
        case .signedOut:
            if state.watching != nil { effects.append(.stopWatching) }
            state = DialogueState(language: language)
            say(Words.signedOut)
            goHome()
        case .places(let places): receivedPlaces(places, for: request)
        case .photo(let path, let size): receivedPhoto(path, size)
        case .reportCategories(let categories, let words): showReportForm(categories, words: words)
        case .reportCreated(let report): showCreated(report)
        case .report(let report): showReport(report)
        case .reports(let reports, let next): showReports(reports, next: next)
        case .reportRated(let report): showRated(report)
        case .reportReopened(let report): showReopened(report)
        default: receivedMore(response, to: request)
        }
    }

    private mutating func receivedMore(_ response: Response, to request: Request) {
        switch response {
        case .marked: receivedMarked(request)
        case .inbox(let messages, let unread, let next): showInbox(messages, unread: unread, next: next)
        case .points(let points): showPoints(points)
        case .pointEntries(let entries, let next): showPointEntries(entries, next: next)
        case .pointRules(let rules, let months): showPointRules(rules, expiryMonths: months)
        case .offers(let offers, let balance): showOffers(offers, balance: balance)
        case .redeemed(let redemption): showRedeemed(redemption)
        case .redemptions(let redemptions, let next): showRedemptions(redemptions, next: next)
        case .trades(let trades, let words): showTrades(trades, words: words)
        case .shops(let shops, let next): showShops(shops, next: next, request)
        case .shop(let shop): showShop(shop)
        case .ordered(let order): showOrdered(order)
        case .orders(let orders, let next): showOrders(orders, next: next)
        case .orderDetail(let order): showOrder(order)
        case .orderCancelled(let order): showCancelled(order)
        case .services(let services, let words): showServices(services, words: words)
        case .service(let service): showService(service)
        case .oneStop(let response): received(response)
        default: show()
        }
    }

    // MARK: What went wrong

    mutating func failed(_ failure: Failure) {
        let request = state.pending
        outcome = failure.kind == .connectionLost ? .connectionLost : .refused
        if failure.kind == .connectionLost {
            state.isCutOff = true
            warn(Text(failure.text, failure.text))
            say(keepsDrafts ? Words.waiting : Words.waitingAtKiosk)
            return
        }
        state.pending = nil
        state.isCutOff = false
        if case .list(var list)? = state.frames.last, list.isLoading {
            list.isLoading = false
            replaceTop(.list(list))
        }
        if failure.kind == .unauthenticated, let request { return signInAgain(for: request) }
        warn(Text(failure.text, failure.text))
        if leadsOn(after: failure, of: request) { return }
        afterRefusal(failure, of: request)
    }

    /// Back to where the person can put it right; nothing that was typed is lost.
    private mutating func afterRefusal(_ failure: Failure, of request: Request?) {
        guard let run else { return show() }
        switch request {
        case .signIn?, .register?: retrySignIn()
        case .oneStop(.verifyIdentity)?: retryVerification(failure)
        case .inspectPhoto?, .oneStop(.upload)?:
            state.misses += 1
            guard state.misses >= Limit.misses else { return show() }
            missed(Answer(""))
        case .sendCode? where failure.kind == .busy:
            // A code is on its way already; it can be typed in.
            update { $0.codeSentTo = run.answers["phone"]?.value }
            show()
        case .sendCode?:
            update { run in
                run.answers["phone"] = nil
                run.cursor = .question(run.form.questions.firstIndex { $0.id == "phone" } ?? 0)
            }
            show()
        default:
            if failure.kind == .refused { update { $0.requestID = nil } }
            show()
        }
    }

    // MARK: Small screens

    private mutating func chooseLanguage() {
        var list = ListFrame(title: t(Text("语言", "Language")))
        list.items = [
            .init(label: "中文", keywords: ["chinese"], action: .setLanguage(.chinese)),
            .init(label: "English", keywords: ["英文", "英语"], action: .setLanguage(.english)),
        ]
        push(.list(list))
    }

    /// `2026-03-01 09:30`, Asia/Shanghai.
    func time(_ instant: Instant) -> String { instant.shanghai.description }
    /// Until when.
    func end(_ instant: Instant) -> String { instant.shanghai.endText }
}
