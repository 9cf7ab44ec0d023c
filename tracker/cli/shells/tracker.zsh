#compdef tracker
# Completion of tracker for zsh. In ~/.zshrc, after compinit: eval "$(tracker completion zsh)"
_tracker() {
    local answer type value help typed=${(Q)PREFIX}
    local -a before items keys
    local -i strange=0
    before=("${(@Q)words[1,CURRENT-1]}")
    answer=$(_TRACKER_COMPLETE=zsh_complete COMP_WORDS="${(pj:\n:)before}" COMP_WORD="$PREFIX" \
        "${before[1]}" 2>/dev/null)
    while IFS=$'\t' read -r type value help; do
        case $type in
        plain)
            [[ $value == ${(b)typed}* ]] || strange=1
            value=${value//\\/\\\\}
            value=${value//:/\\:}
            if [[ $value == *[=:] ]]; then
                keys+=("$value${help:+:$help}")
            else
                items+=("$value${help:+:$help}")
            fi
            ;;
        file) _files ;;
        dir) _files -/ ;;
        esac
    done <<<"$answer"
    (( $#items )) && _describe -V '' items -U
    (( $#keys )) && _describe -V '' keys -U -S ''
    # What was typed stays while it may still mean several.
    (( strange && $#items + $#keys > 1 )) && compstate[insert]='' compstate[list]='list force'
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _tracker "$@"
else
    compdef _tracker tracker
fi
