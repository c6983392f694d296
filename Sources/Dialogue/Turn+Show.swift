internal import Kernel

// What the screen says. The options are kept in the state in the same breath, so that a number means what was shown.

extension Turn {
    mutating func show() {
        state.options = []
        switch state.frames.last {
        case .menu(let id, let page)?: showMenu(id, page)
        case .list(let list)?: showList(list)
        case .form(let run)?: showForm(run)
        case nil: break
        }
    }

    private mutating func showMenu(_ id: String, _ page: Int) {
        guard let menu = definition.menus[id] else { return goHome() }
        messages.append(Message(.title, t(menu.title)))
        let entries = menu.entries.filter { definition.offers($0) }
        var items = entries.map { entry in
            ListFrame.Item(
                label: t(entry.label), keywords: entry.keywords + [entry.label.zh, entry.label.en],
                action: action(for: entry, words: ""))
        }
        let isRoot = id == definition.menus.root
        if isRoot, let draft = state.draft {
            let label = t(Words.draftTitle).filled(t(draft.form.title))
            items.insert(ListFrame.Item(label: label, action: .resumeDraft), at: 0)
        }
        showOptions(items, page: page)
        hint(isRoot ? Words.menuHint : Words.listHint)
    }

    private mutating func showList(_ list: ListFrame) {
        messages.append(Message(.title, list.title))
        for line in list.text { messages.append(Message(list.isWarning ? .warning : .text, line)) }
        let facts = list.rows.map { Message.Row(label: $0.label, value: $0.value) }
        // A terminal keeps what stands last in sight; a kiosk begins at the top, and its rows run over several screens.
        let areFactsFirst = definition.surface == .kiosk || list.table == nil
        if areFactsFirst, !facts.isEmpty { messages.append(Message(.card(facts))) }
        let hasMoreRows = list.table.map { show($0, page: list.page) } ?? false
        if !areFactsFirst, !facts.isEmpty { messages.append(Message(.card(facts))) }
        if !list.code.isEmpty { messages.append(Message(.code, list.code)) }
        // The pages of a list with a table are those of its rows.
        showOptions(
            list.items, page: list.table == nil ? list.page : 0, hasNext: list.nextPage != nil || hasMoreRows)
        hint(Words.listHint)
    }

    /// Shows one page of a table; a kiosk pages by its screen and gets all rows.
    ///
    /// - Returns: whether there are more rows after it.
    private mutating func show(_ table: Message.Table, page: Int) -> Bool {
        let count = table.rows.count
        guard definition.surface != .kiosk, count > Self.tableRowsAtMost else {
            messages.append(Message(.table(table)))
            return false
        }
        let start = min(page * Self.tableRowsAtMost, count - 1)
        let end = min(start + Self.tableRowsAtMost, count)
        let words = Text(
            "这里是第 \(start + 1) 至 \(end) 条，共 \(count) 条。", "Rows \(start + 1) to \(end) of \(count).")
        messages.append(Message(.table(.init(columns: table.columns, rows: Array(table.rows[start..<end])))))
        messages.append(Message(.text, t(words)))
        return end < count
    }

    /// More rows would run over the top of a terminal, each of them a card where it is narrow.
    private static let tableRowsAtMost = 10

    /// Words to type; a kiosk has buttons for them.
    mutating func hint(_ texts: Text...) {
        guard definition.surface != .kiosk else { return }
        messages.append(Message(.hint, texts.map { t($0) }.joined(separator: "\n")))
    }

    /// Shows one page of items and makes the options that belong to it.
    mutating func showOptions(_ items: [ListFrame.Item], page: Int, hasNext: Bool = false) {
        let pages = pages(of: items.count, hasNext: hasNext)
        let range = pages.range(ofPage: page)
        var options = items[range].enumerated().map { index, item in
            Option(key: String(index + 1), label: item.label, keywords: item.keywords, action: item.action)
        }
        if pages.hasMore(afterPage: page) {
            options.append(
                Option(
                    key: definition.surface.moreKey ?? String(options.count + 1), label: t(Words.more),
                    keywords: [Words.more.zh, Words.more.en],
                    action: .pageForward))
        }
        state.options = options
        guard !options.isEmpty else { return }
        messages.append(Message(.options(options.map { Message.Shown(key: $0.key, label: $0.label) })))
    }

    /// 更多: the next page of what is here, or more of it from the server.
    mutating func pageForward() {
        switch state.frames.last {
        case .menu(let id, let page)?:
            replaceTop(.menu(id: id, page: page + 1))
            show()
        case .list(var list)?:
            let pages = pages(of: list.items.count, hasNext: list.nextPage != nil)
            if let next = list.nextPage, !pages.isComplete(page: list.page + 1) {
                list.isLoading = true
                replaceTop(.list(list))
                return call(next)
            }
            list.page += 1
            replaceTop(.list(list))
            show()
        case .form?:
            update { $0.page += 1 }
            show()
        case nil: break
        }
    }

    /// Puts items that the server sent into the list that asked for them, or shows a new list.
    mutating func showOrAppend(_ list: ListFrame) {
        guard case .list(var shown)? = state.frames.last, shown.isLoading else { return push(.list(list)) }
        shown.items += list.items
        shown.nextPage = list.nextPage
        shown.isLoading = false
        let pages = pages(of: shown.items.count, hasNext: shown.nextPage != nil)
        if !pages.range(ofPage: shown.page + 1).isEmpty { shown.page += 1 }
        replaceTop(.list(shown))
        show()
    }
}

extension Turn {
    func pages(of count: Int, hasNext: Bool) -> Pages {
        Pages(
            itemCount: count, perPage: definition.choicesPerPage, hasNext: hasNext,
            moreTakesALine: definition.surface.moreKey == nil)
    }
}

/// How items fall into pages: at most `perPage` lines, the last of which is 更多 if there are more.
struct Pages: Equatable {
    var itemCount: Int
    var perPage: Int
    /// The server has more than what is here.
    var hasNext: Bool
    /// False where 更多 has a key of its own.
    var moreTakesALine = true

    private var step: Int { moreTakesALine ? max(1, perPage - 1) : perPage }

    func range(ofPage page: Int) -> Range<Int> {
        let start = min(max(0, page) * step, itemCount)
        return start..<min(itemCount, hasMore(afterPage: page) ? start + step : start + perPage)
    }

    func hasMore(afterPage page: Int) -> Bool {
        let start = min(max(0, page) * step, itemCount)
        return hasNext || itemCount - start > perPage
    }

    /// True if a page can be shown without asking the server.
    func isComplete(page: Int) -> Bool { !hasNext || itemCount - page * step >= perPage }
}
