# Completion of tracker for bash. In ~/.bashrc: eval "$(tracker completion bash)"
_tracker_complete() {
    local answer type value part=$2
    case ${COMP_WORDS[COMP_CWORD]} in
    [\"\']*) part=${COMP_WORDS[COMP_CWORD]:0:1}$part ;;
    esac
    answer=$(_TRACKER_COMPLETE=bash_complete COMP_LINE="${COMP_LINE:0:COMP_POINT}" \
        COMP_PART="$part" COMP_TYPE="$COMP_TYPE" "$1" 2>/dev/null)
    COMPREPLY=()
    while IFS=$'\t' read -r type value; do
        case $type in
        plain) COMPREPLY+=("$value") ;;
        file) compopt -o default ;;
        dir) compopt -o dirnames ;;
        esac
    done <<<"$answer"
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:] ]]; then
        compopt -o nospace
    fi
}

# bash before 4.4 cannot keep the order.
complete -o nosort -F _tracker_complete tracker 2>/dev/null ||
    complete -F _tracker_complete tracker
